import { expect, test } from 'vitest';
import {
  configOf,
  connectTo,
  createDatabase,
  describeServers,
  discoverAll,
  execute,
  readLines,
  sharedServer,
} from './harness.ts';
import { json, testTypes, text } from './type-table.ts';

describeServers('JSON', (server) => {
  const readValues = testTypes(server, [
    [
      'json',
      json,
      [
        [`'{"b": 1, "a": [1, 2.50, null]}'`, '{"a": [1, 2.5, null], "b": 1}'],
        [`'"str"'`, '"str"'],
        [`'null'`, 'null'],
        [`'[123456789012345678]'`, '[123456789012345678]'],
        [String.raw`'["\\n", "\\"", "é😀"]'`, String.raw`["\n", "\"", "é😀"]`],
        ['null', 'null'],
      ],
      'MySQL',
    ],
    [
      'json',
      json,
      [
        [`'{"b": 1, "a": [1, 2.50, null], "a": 1e400}'`, '{"b": 1, "a": [1, 2.50, null], "a": 1e400}'],
        [`'"str"'`, '"str"'],
        [`'null'`, 'null'],
        [String.raw`'{\n "x" :\r\n 1 }\n'`, '{  "x" :   1 }'],
        ['null', 'null'],
      ],
      'MariaDB',
    ],
    ['longtext check (json_valid(c))', json, [[`'[1]'`, '[1]']], 'MariaDB'],
    ['longtext character set latin1 check (json_valid(c))', json, [[`'["ü"]'`, '["ü"]']], 'MariaDB'],
    ['longtext check (c <> 1 or json_valid(c))', text, [[`'[1]'`, '"[1]"']], 'MariaDB'],
    ['longtext collate utf8mb4_bin', text, [[`'[1]'`, '"[1]"']]],
  ]);

  test('with decimals as text, lines hold a JSON value as a string', async () => {
    const { values } = await readValues('json', [`'{"a": 1}'`, `'null'`], { exact: 'text' });
    expect(values).toEqual([String.raw`"{\"a\": 1}"`, '"null"']);
  });

  test('the column of a view is JSON too', async () => {
    const database = await createDatabase(sharedServer(server), [
      'create table t (id int primary key, j json)',
      `insert into t values (1, '[1]')`,
      'create view v as select j, id from t',
    ]);
    expect(await readLines(configOf(database), 'v')).toEqual(['{"j":[1],"id":1}']);
  });

  test('a user who may only SELECT, and only some columns, gets JSON', async () => {
    const user = `json_reader_${server.toLowerCase()}`;
    const database = await createDatabase(sharedServer(server), [
      'create table t (id int primary key, j json, secret json)',
      `insert into t values (1, '{"a": 1}', '{}')`,
      `drop user if exists ${user}`,
      `create user ${user} identified by 'reader'`,
    ]);
    await execute(database, `grant select (id, j) on t to ${user}`);
    const config = configOf({ ...database, user, password: 'reader' });
    expect(await readLines(config, 't')).toEqual(['{"id":1,"j":{"a": 1}}']);
  });

  if (server === 'MariaDB')
    test('a text that is not JSON, since checks were off, is refused with the fix', async () => {
      const database = await createDatabase(sharedServer(server), [
        'create table t (id int primary key, j json)',
        'set check_constraint_checks = 0',
        `insert into t values (1, '{bad')`,
      ]);
      for (const exact of ['number', 'text'] as const)
        await expect(readLines(configOf(database), 't', { exact })).rejects.toMatchObject({
          code: 'value_refused',
          message: expect.stringMatching(/column j of .*-t holds a text that is not JSON/),
          remedy: expect.stringContaining('check_constraint_checks'),
        });
    });

  if (server === 'MariaDB')
    test('tables that cannot be described together are described one by one', async () => {
      const tables = Array.from({ length: 130 }, (_, index) => `create table t${index} (id int, j json, n longtext)`);
      const database = await createDatabase(sharedServer(server), [
        ...tables,
        'create view broken as select id, j from t7',
        'drop table t7',
      ]);
      const streams = await discoverAll(configOf(database));
      expect(streams).toHaveLength(129);
      expect(streams.some(({ tableName }) => tableName === 't8')).toBe(true);
      for (const { schema } of streams)
        expect([schema.properties.j?.['x-c8-type'], schema.properties.n?.['x-c8-type']]).toEqual(['json', undefined]);
    });

  if (server === 'MariaDB')
    test('is found while another session has locked its table', async () => {
      const database = await createDatabase(sharedServer(server), [
        'create table t (id int primary key, `j``` json, n longtext)',
      ]);
      await using other = await connectTo(database);
      await other.query('lock tables t write');
      const [stream] = await discoverAll(configOf(database));
      const named = Object.entries(stream?.schema.properties ?? {}).map(([name, schema]) => [
        name,
        schema['x-c8-type'],
      ]);
      expect(named).toEqual([
        ['id', undefined],
        ['j`', 'json'],
        ['n', undefined],
      ]);
    });
});
