/** Tests of what every source of an SQL database must read, as vitest tests. */
import { Decimal, type SourceMessage } from 'c8connector';
import { afterAll, describe, expect, test } from 'vitest';
import { byCopy, byKey, byLog, readTable } from './read-table.ts';
import type { SqlBackend } from './sql-backend.ts';

export { catalogWith } from './catalog-with.ts';
export { type CollectedRun, type CollectRequest, collectRun } from './collect-run.ts';
export { readUntilKilled, type SourceModule } from './killed-reader.ts';
export { type Received, type ReceivedRows, receivedRows } from './received-rows.ts';
export { idsOf, keyIn, type ProgramRequest, type ProgramRun, runProgram } from './run-program.ts';
export type { SqlBackend } from './sql-backend.ts';

const timeout = 120_000;

/**
 * Defines tests of the semantics that all sources of SQL databases share: the same statements give the same rows, whatever the database. Call it at the top of a test file, beside `testSource` of the
 * conformance kit, which has the rules of every source.
 */
export function testSqlSource(backend: SqlBackend): void {
  const { execute, quote } = backend;
  const created: string[] = [];

  async function create(table: string, columns: string): Promise<void> {
    await execute(`create table ${quote(table)} (${columns})`);
    created.push(table);
  }

  afterAll(async () => {
    for (const table of created) await execute(`drop table ${quote(table)}`);
  });

  describe('semantics of SQL', { timeout }, () => {
    test('a value is the same in a copy and in the log', async () => {
      await create(
        'sql_types',
        `id integer primary key, small smallint, big bigint, amount decimal(20,4), ratio double precision, flag boolean, word varchar(40), day date, moment ${backend.timestamp}, picture ${backend.binary}`,
      );
      const values = `-32768, 9223372036854775807, 1234567890123456.5, 0.1, true, 'it''s "☃"', '2023-04-05', '2023-04-05 06:07:08.123456', ${backend.binaryLiteral('00ffdead')}`;
      await execute(`insert into sql_types values (1, ${values})`);
      await execute('insert into sql_types (id) values (2)');
      const copy = await readTable(backend, 'sql_types', byLog);
      await execute(`insert into sql_types values (3, ${values})`);
      await execute('insert into sql_types (id) values (4)');
      const log = await readTable(backend, 'sql_types', byLog, copy.state);
      const full = {
        small: -32768,
        big: 9223372036854775807n,
        amount: new Decimal('1234567890123456.5000'),
        ratio: 0.1,
        flag: true,
        word: `it's "☃"`,
        day: '2023-04-05',
        moment: '2023-04-05T06:07:08.123456+00:00',
        picture: Buffer.from('00ffdead', 'hex').toString('base64'),
      };
      const empty = Object.fromEntries(Object.keys(full).map((name) => [name, null]));
      expect(copy.rows).toEqual([
        { id: 1, ...full },
        { id: 2, ...empty },
      ]);
      expect(log.rows).toEqual([
        { id: 3, ...full },
        { id: 4, ...empty },
      ]);
    });

    test('a copy has each row as it is now, also of a table with quotes in its names and a key of several columns', async () => {
      const [table, first] = ['sql "names"', 'or "der`'];
      await create(
        table,
        `${quote(first)} varchar(20), line integer, note varchar(20), primary key (${quote(first)}, line)`,
      );
      await execute(`insert into ${quote(table)} values ('b', 1, 'x'), ('a', 2, null), ('a', 10, 'y'), ('c', 1, 'z')`);
      await execute(`update ${quote(table)} set note = 'changed' where line = 2`);
      await execute(`delete from ${quote(table)} where note = 'z'`);
      const { rows } = await readTable(backend, table, byCopy);
      expect(rows).toHaveLength(3);
      expect(rows).toEqual(
        expect.arrayContaining([
          { [first]: 'a', line: 2, note: 'changed' },
          { [first]: 'a', line: 10, note: 'y' },
          { [first]: 'b', line: 1, note: 'x' },
        ]),
      );
    });

    test('a read by a key returns rows without one each time, and those from the last key on', async () => {
      await create('sql_increments', 'id integer primary key, counter integer, name varchar(20)');
      await execute(`insert into sql_increments values (1, 10, 'a'), (2, 20, 'b'), (3, 20, 'c'), (4, null, 'd')`);
      const first = await readTable(backend, 'sql_increments', byKey('counter'));
      expect(first.rows.map(({ id }) => id)).toEqual([4, 1, 2, 3]);
      await execute(`insert into sql_increments values (5, 20, 'e'), (6, 15, 'f'), (7, 30, 'g')`);
      await execute('update sql_increments set counter = 25 where id = 1');
      const second = await readTable(backend, 'sql_increments', byKey('counter'), first.state);
      expect(second.rows.map(({ id }) => id)).toEqual([4, 2, 3, 5, 1, 7]);
      await execute('delete from sql_increments where counter is not null');
      expect((await readTable(backend, 'sql_increments', byKey('counter'), second.state)).rows).toHaveLength(1);
    });

    test('the log has each change in its order, a changed key as a delete and an insert', async () => {
      await create('sql_changes', 'id integer primary key, name varchar(20)');
      await execute(`insert into sql_changes values (1, 'a'), (2, 'b')`);
      const { state } = await readTable(backend, 'sql_changes', byLog);
      await execute(`insert into sql_changes values (3, 'c')`);
      await execute(`update sql_changes set name = 'changed' where id = 1`);
      await execute('update sql_changes set id = 9 where id = 2');
      await execute('delete from sql_changes where id = 3');
      const { rows } = await readTable(backend, 'sql_changes', byLog, state);
      const deleted = (id: number) => expect.objectContaining({ id, deleted: true });
      expect(rows).toEqual([
        { id: 3, name: 'c' },
        { id: 1, name: 'changed' },
        deleted(2),
        { id: 9, name: 'b' },
        deleted(3),
      ]);
    });

    test('a column that is added and a truncation take effect at their place in the log', async () => {
      await create('sql_altered', 'id integer primary key, name varchar(20)');
      const { state } = await readTable(backend, 'sql_altered', byLog);
      await execute(`insert into sql_altered values (1, 'a')`);
      await execute('alter table sql_altered add column more integer');
      await execute(`insert into sql_altered values (2, 'b', 20)`);
      await execute('truncate table sql_altered');
      await execute(`insert into sql_altered values (3, 'c', 30)`);
      const { rows, messages } = await readTable(backend, 'sql_altered', byLog, state);
      expect(rows).toEqual([
        { id: 1, name: 'a' },
        { id: 2, name: 'b', more: 20 },
        { id: 3, name: 'c', more: 30 },
      ]);
      const versions = messages.flatMap((message) => (message.type === 'RECORDS' ? [message.version] : []));
      expect(new Set(versions).size).toBe(2);
      const types = messages.map(({ type }: SourceMessage) => type);
      expect(types.lastIndexOf('ACTIVATE_VERSION')).toBeLessThan(types.lastIndexOf('RECORDS'));
    });
  });
}
