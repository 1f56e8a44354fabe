import type { Connection as Client } from 'mysql2';
import type { Table } from './catalog.ts';
import type { Connection } from './connection.ts';
import { ownQuery } from './own-query.ts';
import { quoteIdentifier } from './quote.ts';

const changedByParent =
  /^ *(?:CONSTRAINT `(?:[^`]|``)*` )?FOREIGN KEY .* ON (?:DELETE|UPDATE) (?:CASCADE|SET NULL|SET DEFAULT)/m;

/**
 * Those of the tables whose rows a foreign key changes or deletes when a row of another table changes. One query for each table: the list of foreign keys is hidden from a user who may only read. Errors are those of mysql2.
 */
export async function findCascades(client: Client, tables: readonly Table[]): Promise<ReadonlySet<Table>> {
  const found = new Set<Table>();
  for (const table of tables) {
    if (table.engine !== 'InnoDB') continue;
    const statement = await statementOf(client, table);
    // A lost change is worse than another copy.
    if (statement === undefined || changedByParent.test(statement)) found.add(table);
  }
  return found;
}

/** Whether the server writes to its log what a foreign key changes: MySQL from 9.6 on, unless it leaves foreign keys to InnoDB as before. One query; errors are those of mysql2. */
export async function logsCascades({ client, server }: Pick<Connection, 'client' | 'server'>): Promise<boolean> {
  if (server.flavour === 'MariaDB' || server.version < 9.06) return false;
  const [row] = await ownQuery<{ Value: string }>(client, `show global variables like 'innodb_native_foreign_keys'`);
  return row === undefined || row.Value === 'OFF';
}

/** The statement that would create the table; undefined if the server does not show it, as to a user who may read only some columns. */
async function statementOf(client: Client, { schema, name }: Table): Promise<string | undefined> {
  const text = `show create table ${quoteIdentifier(schema)}.${quoteIdentifier(name)}`;
  try {
    const [row] = await ownQuery<Readonly<Record<string, unknown>>>(client, text);
    const statement = row?.['Create Table'];
    return typeof statement === 'string' ? statement : undefined;
  } catch (error) {
    if (typeof (error as { readonly sqlState?: unknown }).sqlState === 'string') return undefined;
    throw error;
  }
}
