import { DataError, type Log } from 'c8connector';
import type { Client, FieldDef } from 'pg';
import type { Column } from './catalog.ts';
import type { PostgresStream } from './discover.ts';
import { selectText } from './select-text.ts';

/** Milliseconds after which a wait for the table is logged, and the time between two of these messages. */
const firstNotice = 1000;
const noticeInterval = 60_000;

/**
 * Takes the lock of a reader on the table, as long as another transaction makes that last, and compares its columns with those of the discovery. In a transaction
 * that is READ COMMITTED the next statement sees what was committed before the lock was given: a table that was being reloaded is read with its new rows.
 *
 * @throws {DataError} `stream_changed` when a column has another type now.
 */
export async function lockTable(
  client: Client,
  stream: PostgresStream,
  columns: readonly string[],
  log: Log,
): Promise<void> {
  const stopNotices = noticeWait(stream.id, log);
  try {
    const { fields } = await client.query({ text: selectText(stream, columns, 0), rowMode: 'array' });
    await compareColumns(client, stream, columns, fields);
  } finally {
    stopNotices();
  }
}

function noticeWait(stream: string, log: Log): () => void {
  const startedAt = performance.now();
  let timer = setTimeout(notice, firstNotice);
  function notice(): void {
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    log.warn(`waiting for ${stream} since ${seconds} s: another transaction may hold a lock on it`, { stream });
    timer = setTimeout(notice, noticeInterval);
  }
  return () => clearTimeout(timer);
}

async function compareColumns(
  client: Client,
  stream: PostgresStream,
  names: readonly string[],
  fields: readonly FieldDef[],
): Promise<void> {
  const known = new Map(stream.columns.map((column) => [column.name, column]));
  const changed = names.flatMap((name, index) => {
    const field = fields[index];
    return isAsDiscovered(known.get(name), field) ? [] : [{ name, field }];
  });
  if (changed.length === 0 && fields.length === names.length) return;
  const changes: string[] = [];
  for (const { name, field } of changed) {
    const found = field === undefined ? 'missing' : await typeName(client, field);
    changes.push(`${name} was ${known.get(name)?.typeName ?? 'unknown'} and is ${found}`);
  }
  throw new DataError(`The columns of ${stream.id} changed after its schema was read: ${changes.join(', ')}.`, {
    code: 'stream_changed',
    isRetryable: true,
    details: { stream: stream.id, columns: changed.map(({ name }) => name) },
  });
}

function isAsDiscovered(column: Column | undefined, field: FieldDef | undefined): boolean {
  return (
    column !== undefined &&
    field?.name === column.name &&
    String(field.dataTypeID) === column.announced.oid &&
    field.dataTypeModifier === column.announced.modifier
  );
}

async function typeName(client: Client, { dataTypeID, dataTypeModifier }: FieldDef): Promise<string> {
  const text = `select pg_catalog.format_type(${dataTypeID}, ${dataTypeModifier}) as name`;
  const { rows } = await client.query<{ name: string | null }>(text);
  return rows[0]?.name ?? 'unknown';
}
