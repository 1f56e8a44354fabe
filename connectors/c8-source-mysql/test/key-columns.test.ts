import { silentLog } from 'c8connector';
import type { KeyValues } from 'c8connector-sql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Connection } from '../c8_source_mysql/connection.ts';
import type { MysqlStream } from '../c8_source_mysql/discover.ts';
import { compareText, type KeyColumn, keyColumns, ownKey } from '../c8_source_mysql/key-columns.ts';
import { ownQuery } from '../c8_source_mysql/own-query.ts';
import { connectForReading } from '../c8_source_mysql/reading.ts';
import { configOf, createDatabase, describeServers, discoverAll, type Login, sharedServer } from './harness.ts';
import { keyedNames, keyedTables } from './keyed-tables.ts';

describeServers('the condition for a key', (server) => {
  let database: Login;
  let connection: Connection;
  let streams: readonly MysqlStream[];

  beforeAll(async () => {
    database = await createDatabase(sharedServer(server), [
      ...keyedTables(server),
      'create table words (id int primary key, w varchar(20) character set latin1, key (w))',
    ]);
    const config = configOf(database, { out_of_range_dates: 'text' });
    streams = await discoverAll(config, silentLog);
    connection = await connectForReading(config, new AbortController().signal);
  });

  afterAll(() => connection[Symbol.asyncDispose]());

  function streamOf(table: string): MysqlStream {
    const found = streams.find(({ tableName }) => tableName === table);
    if (found === undefined) throw new Error(`the table ${table} was not discovered`);
    return found;
  }

  async function query<Row>(text: string): Promise<readonly Row[]> {
    return await ownQuery<Row>(connection.client, text);
  }

  const texts = (key: readonly KeyColumn[]) =>
    key.map(({ name, kind }) => (kind === 'binary' ? `lower(hex(k.${name}))` : `cast(k.${name} as char)`));

  test.each(keyedNames(server))(
    'of %s gives the rows before, from and after a row in the order of the server',
    async (table) => {
      const key = ownKey(streamOf(table)) ?? [];
      const from = `${database.database}.${table} k`;
      const order = `order by ${key.map(({ name }) => `k.${name}`).join(', ')}`;
      const selected = texts(key).map((text, index) => `${text} as v${index}`);
      const rows = await query<Record<string, string>>(`select ${selected.join(', ')} from ${from} ${order}`);
      const keys = rows.map(
        (row): KeyValues => Object.fromEntries(key.map(({ name }, index) => [name, String(row[`v${index}`])])),
      );
      for (const place of [0, 1, 700, 1234, 1998, 1999]) {
        const values = keys[place] as KeyValues;
        const counts = await query<{ before: number; upTo: number; since: number; past: number }>(
          `select count(if(${compareText(key, 'before', values)}, 1, null)) as before_, count(if(${compareText(key, 'upTo', values)}, 1, null)) as up_to,
          count(if(${compareText(key, 'from', values)}, 1, null)) as since, count(if(${compareText(key, 'after', values)}, 1, null)) as past from ${from}`,
        );
        expect(Object.values(counts[0] ?? {})).toEqual([place, place + 1, 2000 - place, 1999 - place]);
      }
      const [plan] = await query<{ type: string }>(
        `explain format=traditional select 1 from ${from} where ${compareText(key, 'after', keys[1900] as KeyValues)} ${order}`,
      );
      expect(plan?.type).toBe('range');
    },
  );

  test('refuses a value that the server would take for another', () => {
    const column = (table: string, name: string) => keyColumns(streamOf(table), [name]) ?? [];
    for (const [table, value] of [
      ['integers', 'abc'],
      ['days', 'yesterday'],
      ['moments', '2024-01-01 25'],
      ['times', '1 day'],
      ['bytes', 'x'],
    ] as const) {
      const compare = () => compareText(column(table, 'id'), 'after', { id: value });
      expect(compare).toThrowError(expect.objectContaining({ code: 'copy_lost' }));
    }
  });

  test('of a text that its charset does not have is refused by the server', async () => {
    const condition = compareText(keyColumns(streamOf('words'), ['w']) ?? [], 'after', { w: '國' });
    await expect(query(`select id from ${database.database}.words where ${condition}`)).rejects.toThrow();
  });
});
