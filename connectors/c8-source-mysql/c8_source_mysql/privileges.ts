import { findColumns, findTables, type Table } from './catalog.ts';
import type { MysqlConfig } from './config.ts';
import type { Connection } from './connection.ts';
import { filterOf } from './filter.ts';
import { ownQuery } from './own-query.ts';
import { quoteIdentifier } from './quote.ts';

/** What the user may read of the tables and views that the filters of a config allow. The server hides those on which the user has no privilege. */
export interface FoundTables {
  /** With at least one column that the user may read. */
  readonly readable: readonly Table[];
  /** Those on which the user only has other privileges than SELECT. */
  readonly unreadable: readonly Table[];
  /** Readable, but not all of their columns. */
  readonly partial: readonly Table[];
  /** Views that refer to what is missing, or whose definer lacks privileges. */
  readonly invalid: readonly Table[];
}

/** Finds them, with one query for each table of which the user was granted single columns. Errors are those of mysql2. */
export async function findReadable(connection: Connection, config: MysqlConfig): Promise<FoundTables> {
  const { client } = connection;
  const tables = await findTables(client, filterOf(config));
  const columns = await findColumns(connection, tables, config);
  const invalid = await findInvalid(connection, tables);
  const granted = await findGrantedByColumn(connection);
  const readable = tables.filter((table) => (columns.get(table)?.length ?? 0) > 0);
  const partial: Table[] = [];
  for (const table of readable) {
    if (granted.has(keyOf(table)) && !(await mayReadAll(connection, table))) partial.push(table);
  }
  const others = tables.filter((table) => !readable.includes(table));
  return {
    readable,
    partial,
    invalid: others.filter((table) => invalid.has(keyOf(table))),
    unreadable: others.filter((table) => !invalid.has(keyOf(table))),
  };
}

function keyOf({ schema, name }: Pick<Table, 'schema' | 'name'>): string {
  return JSON.stringify([schema, name]);
}

type Named = Pick<Table, 'schema' | 'name'>;

/** The comment of a view that cannot be used is the error of its use, in the language of the server. MariaDB opens a view, and notices, only for columns such as `table_rows`. */
const viewQuery = `
select table_schema as \`schema\`, table_name as name, table_comment as comment, table_rows as estimate
from information_schema.tables
where table_type = 'VIEW' and table_schema in (?)`;

async function findInvalid(
  { client }: Pick<Connection, 'client'>,
  tables: readonly Table[],
): Promise<ReadonlySet<string>> {
  const schemas = [...new Set(tables.map(({ schema }) => schema))];
  if (schemas.length === 0) return new Set();
  const views = await ownQuery<Named & { readonly comment: string }>(client, viewQuery, [schemas]);
  return new Set(views.filter(({ comment }) => comment !== 'VIEW').map(keyOf));
}

const columnGrants = `
select distinct table_schema as \`schema\`, table_name as name from information_schema.column_privileges
where privilege_type = 'SELECT'`;

async function findGrantedByColumn({ client }: Pick<Connection, 'client'>): Promise<ReadonlySet<string>> {
  return new Set((await ownQuery<Named>(client, columnGrants)).map(keyOf));
}

/** Numbers of the errors for a table or a column without a privilege. */
const denied = [1142, 1143];

async function mayReadAll({ client }: Pick<Connection, 'client'>, { schema, name }: Table): Promise<boolean> {
  try {
    await ownQuery(client, `select * from ${quoteIdentifier(schema)}.${quoteIdentifier(name)} limit 0`);
    return true;
  } catch (error) {
    const { errno } = error as { readonly errno?: unknown };
    if (denied.some((number) => number === errno)) return false;
    throw error;
  }
}
