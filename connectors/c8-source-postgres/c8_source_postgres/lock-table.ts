import type { Log } from 'c8connector';
import { invalidAnswer, noticeWait, streamChanged } from 'c8connector-sql';
import type { Client, FieldDef, QueryResult } from 'pg';
import type { Column } from './catalog.ts';
import type { PostgresStream } from './discover.ts';
import { ownQuery, setOwnPath } from './own-query.ts';
import { selectText } from './select-text.ts';

/** SQLSTATE of a column that does not exist. */
const undefinedColumn = '42703';

/**
 * Takes a reader's lock on the table, waiting for other transactions as long as necessary, and compares table and columns with the discovered ones. In a READ COMMITTED transaction
 * the next statement sees everything that was committed before the lock was granted: a table that was being reloaded is read with its new rows. `settings` are
 * statements that are sent first, in the same message, which saves a round trip for each table.
 *
 * @throws {DataError} `stream_changed` when it is another table, or when a column was dropped or has another type.
 */
export async function lockTable(
  client: Client,
  stream: PostgresStream,
  columns: readonly string[],
  { settings, log }: { readonly settings: readonly string[]; readonly log: Log },
): Promise<void> {
  const stopNotices = noticeWait(stream.id, 'another transaction', log);
  try {
    const statements = [...settings, selectText(stream, columns, { limit: 0 })];
    const answers: unknown = await client.query({ text: statements.join(';'), rowMode: 'array' });
    const changes = await changesOf(client, stream, columns, lastOf(answers, statements.length, stream).fields);
    if (changes.length > 0) throw streamChanged(stream.id, changes);
  } catch (error) {
    const { code, message } = error as { code?: unknown; message?: unknown };
    throw code === undefinedColumn ? streamChanged(stream.id, [String(message)], error) : error;
  } finally {
    stopNotices();
  }
}

/** The answer to the last of several statements. */
function lastOf(answers: unknown, expected: number, { id }: PostgresStream): QueryResult {
  const all: readonly unknown[] = Array.isArray(answers) ? answers : [answers];
  if (all.length !== expected)
    throw invalidAnswer(`${all.length} answers to a query of ${expected} statements`, { stream: id });
  return all.at(-1) as QueryResult;
}

async function changesOf(
  client: Client,
  stream: PostgresStream,
  names: readonly string[],
  fields: readonly FieldDef[],
): Promise<string[]> {
  if (fields.length !== names.length) return [`${names.length} columns were requested, but ${fields.length} came`];
  if (fields.some(({ tableID }) => String(tableID) !== stream.oid)) return ['another table has its name now'];
  const known = new Map(stream.columns.map((column) => [column.name, column]));
  const changes: string[] = [];
  for (const [index, field] of fields.entries()) {
    const column = known.get(names[index] ?? '');
    if (isAsDiscovered(column, field)) continue;
    changes.push(`${field.name} was ${column?.typeName ?? 'unknown'} and is ${await typeName(client, field)}`);
  }
  return changes;
}

function isAsDiscovered(column: Column | undefined, field: FieldDef): boolean {
  return (
    column !== undefined &&
    field.name === column.name &&
    String(field.dataTypeID) === column.announced.oid &&
    field.dataTypeModifier === column.announced.modifier
  );
}

async function typeName(client: Client, { dataTypeID, dataTypeModifier }: FieldDef): Promise<string> {
  // No user-defined code is called from here on, and names of types are qualified as in the discovery.
  await client.query(setOwnPath);
  const text = `select pg_catalog.format_type(${dataTypeID}, ${dataTypeModifier}) as name`;
  const [row] = await ownQuery<{ name: string | null }>(client, text);
  return row?.name ?? 'unknown';
}
