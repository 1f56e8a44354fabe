import type { ChangesBackend } from 'c8connector-testing';
import { quoteLiteral } from '../../c8_source_mysql/quote.ts';
import { execute, type Login } from '../harness.ts';

/** Changes tables of a database for the conformance checks of logs: a change is the text of a statement. */
export function changesBackend(database: () => Promise<Login>): ChangesBackend<string> {
  const value = (one: unknown): string => (typeof one === 'string' ? quoteLiteral(one) : String(one));
  const run = async (...statements: readonly string[]) => await execute(await database(), ...statements);
  return {
    async create(table) {
      await run(`create table ${table} (id integer primary key, name text, note text)`);
      return `${(await database()).database}-${table}`;
    },
    insert: (table, row) =>
      `insert into ${table} (${Object.keys(row).join(', ')}) values (${Object.values(row).map(value).join(', ')})`,
    update(table, id, set) {
      const columns = Object.entries(set).map(([column, one]) => `${column} = ${value(one)}`);
      return `update ${table} set ${columns.join(', ')} where id = ${id}`;
    },
    delete: (table, id) => `delete from ${table} where id = ${id}`,
    // A statement of DDL commits the transaction.
    truncate: (table) => `truncate ${table}`,
    addColumn: (table, column) => `alter table ${table} add column ${column} text`,
    commit: (changes) => run('begin', ...changes, 'commit'),
    drop: (table) => run(`drop table ${table}`),
  };
}
