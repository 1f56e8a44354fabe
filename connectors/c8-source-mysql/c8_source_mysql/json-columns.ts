import type { ColumnDefinition } from './column-definition.ts';
import type { Connection } from './connection.ts';
import { CopyOut } from './copy-out.ts';
import { ownQuery } from './own-query.ts';
import { quoteIdentifier } from './quote.ts';

/** A table with the columns of it that the user may read. */
interface ReadableTable {
  readonly table: { readonly schema: string; readonly name: string; readonly isView: boolean };
  readonly rows: readonly ReadableColumn[];
}

interface ReadableColumn {
  readonly schema: string;
  readonly table: string;
  readonly name: string;
  readonly dataType: string;
}

/** What identifies a column in the result of {@link findJson}. */
export function nameOfColumn({ schema, table, name }: ReadableColumn): string {
  return JSON.stringify([schema, table, name]);
}

/** MariaDB joins at most 61 tables. */
const mostTables = 60;
/** Seconds to wait for a lock. */
const lockTimeout = 1;
/** The error of a wait for a lock. */
const lockWait = 1205;

/**
 * The columns of JSON on MariaDB, where JSON is a longtext with a check that is json_valid(…). Users with only SELECT do not see checks, but results name the format of such a column, so queries without rows are described.
 * A view that cannot be read has none. Errors are those of mysql2.
 */
export async function findJson(connection: Connection, tables: readonly ReadableTable[]): Promise<ReadonlySet<string>> {
  if (connection.server.flavour !== 'MariaDB') return new Set();
  const candidates = tables
    .map(({ table, rows }) => ({ table, rows: rows.filter(({ dataType }) => dataType === 'longtext') }))
    .filter(({ rows }) => rows.length > 0);
  const found: string[] = [];
  for (const batch of batchesOf(candidates)) found.push(...(await jsonOf(connection, batch)));
  return new Set(found);
}

/** A view counts as its tables, and may not be readable, so it is a batch of its own. */
function batchesOf(candidates: readonly ReadableTable[]): (readonly ReadableTable[])[] {
  const tables = candidates.filter(({ table }) => !table.isView);
  const count = Math.ceil(tables.length / mostTables);
  const batches = Array.from({ length: count }, (_, index) =>
    tables.slice(index * mostTables, (index + 1) * mostTables),
  );
  return [...batches, ...candidates.filter(({ table }) => table.isView).map((view) => [view])];
}

async function jsonOf(connection: Connection, batch: readonly ReadableTable[]): Promise<readonly string[]> {
  try {
    const definitions = await describe(connection, batch);
    // Servers before 10.5 do not send it.
    if (definitions.some(({ extension }) => extension === undefined)) return await declaredJson(connection, batch);
    const names = batch.flatMap(({ rows }) => rows.map(nameOfColumn));
    return names.filter((_, index) => definitions[index]?.extension === 'json');
  } catch (error) {
    const { errno, sqlState } = error as { readonly errno?: unknown; readonly sqlState?: unknown };
    if (typeof sqlState !== 'string') throw error;
    if (errno === lockWait) return await declaredJson(connection, batch);
    // Dropped in the meantime, or not readable: its copy has the error.
    if (batch.length === 1) return [];
    const each: string[] = [];
    for (const table of batch) each.push(...(await jsonOf(connection, [table])));
    return each;
  }
}

/** The columns of JSON by the statements that would create their tables, which the server shows also while another session has locked them. */
async function declaredJson(connection: Connection, batch: readonly ReadableTable[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const { table, rows } of batch) {
    const text = `show create table ${quoteIdentifier(table.schema)}.${quoteIdentifier(table.name)}`;
    const [row] = await ownQuery<Readonly<Record<string, unknown>>>(connection.client, text);
    const lines = String(row?.['Create Table'] ?? '').split('\n');
    const isJson = (name: string) => {
      const column = quoteIdentifier(name);
      const line = lines.find((each) => each.startsWith(`  ${column} longtext `));
      return line?.includes(` CHECK (json_valid(${column}))`) === true;
    };
    found.push(...rows.filter(({ name }) => isJson(name)).map(nameOfColumn));
  }
  return found;
}

/** The definitions of the columns of all tables. */
async function describe(connection: Connection, batch: readonly ReadableTable[]): Promise<readonly ColumnDefinition[]> {
  const columns = batch.flatMap(({ rows }, index) => rows.map(({ name }) => `t${index}.${quoteIdentifier(name)}`));
  const tables = batch.map(
    ({ table: { schema, name } }, index) => `${quoteIdentifier(schema)}.${quoteIdentifier(name)} t${index}`,
  );
  const text = `set statement lock_wait_timeout = ${lockTimeout} for select ${columns.join(', ')} from ${tables.join(', ')} limit 0`;
  let definitions: readonly ColumnDefinition[] = [];
  const begin = (found: readonly ColumnDefinition[]) => {
    definitions = found;
  };
  const query = new CopyOut(connection, text, { begin, add: () => undefined });
  while (!query.isDone()) await query.wait(1000);
  return definitions;
}
