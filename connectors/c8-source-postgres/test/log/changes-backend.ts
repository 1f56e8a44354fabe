import type { ChangesBackend } from 'c8connector-testing';
import pg from 'pg';
import { connectTo, type Login } from '../harness.ts';

/** Changes tables of the schema public for the conformance checks of logs: a change is the text of a statement. */
export function changesBackend(database: () => Promise<Login>): ChangesBackend<string> {
  const value = (one: unknown): string => (typeof one === 'string' ? pg.escapeLiteral(one) : String(one));
  async function run(sql: string): Promise<void> {
    await using client = await connectTo(await database());
    // By default the test server does not wait until its log is on disk.
    await client.query('set synchronous_commit = on');
    await client.query(sql);
  }
  return {
    async create(table) {
      await run(`create table ${table} (id integer primary key, name text, note text)`);
      return `public-${table}`;
    },
    insert: (table, row) =>
      `insert into ${table} (${Object.keys(row).join(', ')}) values (${Object.values(row).map(value).join(', ')})`,
    update(table, id, set) {
      const columns = Object.entries(set).map(([column, one]) => `${column} = ${value(one)}`);
      return `update ${table} set ${columns.join(', ')} where id = ${id}`;
    },
    delete: (table, id) => `delete from ${table} where id = ${id}`,
    truncate: (table) => `truncate ${table}`,
    addColumn: (table, column) => `alter table ${table} add column ${column} text`,
    commit: (changes) => run(['begin', ...changes, 'commit'].join(';')),
    drop: (table) => run(`drop table ${table}`),
    async confirmed() {
      await using client = await connectTo(await database());
      const { rows } = await client.query(
        `select confirmed_flush_lsn::text as lsn from pg_replication_slots where slot_name = 'c8_' || current_database()`,
      );
      return rows[0]?.lsn;
    },
  };
}
