import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { MysqlSource } from '../c8_source_mysql/index.ts';
import {
  configOf,
  createDatabase,
  describeServers,
  discoverAll,
  execute,
  type Login,
  rawConfigOf,
  readLines,
  recordingLog,
  sharedServer,
} from './harness.ts';

afterEach(() => vi.restoreAllMocks());

describeServers('the discovery', (server) => {
  const shared = () => sharedServer(server);
  const user = (name: string) => `${name}_${server.toLowerCase()}`;

  async function namesOf(database: Login, config: Record<string, unknown> = {}, log = recordingLog()) {
    return (await discoverAll(configOf(database, config), log)).map(({ tableName }) => tableName).sort();
  }

  test('finds tables, views and partitioned tables', async () => {
    const database = await createDatabase(shared(), [
      'create table plain (id int primary key)',
      'create view seen as select * from plain',
      'create table parted (id int) partition by hash (id) partitions 3',
      'create table my (id int) engine = MyISAM',
      'create temporary table passing (id int)',
    ]);
    const streams = await discoverAll(configOf(database));
    expect(streams.map(({ id, isView }) => [id, isView])).toEqual([
      [`${database.database}-my`, false],
      [`${database.database}-parted`, false],
      [`${database.database}-plain`, false],
      [`${database.database}-seen`, true],
    ]);
  });

  test('keeps names apart that differ only in case or accents, also those of databases', async () => {
    const lower = await createDatabase(shared(), [
      'create table t (id int primary key)',
      'create table T (other int primary key)',
    ]);
    const upper = { ...lower, database: lower.database.toUpperCase() };
    await execute(lower, `create database ${upper.database}`);
    await execute(upper, 'create table É (id int primary key)', 'create table e (other int primary key)');
    const both = `${lower.database},${upper.database}`;
    const expected: readonly (readonly [config: Record<string, unknown>, tables: Record<string, readonly string[]>])[] =
      [
        [{}, { T: ['other'], t: ['id'] }],
        [{ database: both }, { É: ['id'], e: ['other'], T: ['other'], t: ['id'] }],
        [{ database: `${lower.database},mysql`, source_table: 't, e' }, { t: ['id'] }],
        [
          { database: both, source_table: `T, ${upper.database}.É` },
          { É: ['id'], T: ['other'] },
        ],
      ];
    for (const [config, tables] of expected) {
      const streams = await discoverAll(configOf(lower, config));
      const found = streams.map(({ tableName, keyProperties }) => [tableName, keyProperties]);
      expect(Object.fromEntries(found)).toEqual(tables);
      expect(found).toHaveLength(Object.keys(tables).length);
    }
  });

  test('reads names with quotes, dots, spaces, capitals, unicode and 64 characters, and names of functions', async () => {
    const long = 'ü'.repeat(64);
    const columns = [
      'Col `Q`',
      "it's",
      'b,c',
      'ünï ☃',
      'back\\slash',
      '"quoted"',
      'now()',
      'select',
      'count',
      '%',
      long,
    ];
    const quoted = (name: string) => `\`${name.replaceAll('`', '``')}\``;
    const table = "We ird.T'a`ble é";
    const database = await createDatabase(shared(), [
      `create table ${quoted(table)} (id int primary key, ${columns.map((name) => `${quoted(name)} float`).join(', ')})`,
      `insert into ${quoted(table)} values (1${', 1.5'.repeat(columns.length)})`,
      `create table ${quoted(long)} (id int primary key)`,
    ]);
    const [line] = await readLines(configOf(database), table);
    expect(JSON.parse(line ?? '')).toEqual({ id: 1, ...Object.fromEntries(columns.map((name) => [name, 1.5])) });
    expect(await namesOf(database)).toEqual([table, long].sort());
  });

  test('takes the primary key in its own column order, otherwise a unique index that covers all rows, otherwise none', async () => {
    const database = await createDatabase(shared(), [
      'create table keyed (c int, b int, a int, primary key (b, a), unique (c))',
      'create table narrow (a int not null, b int not null, c int not null, unique (a, b), unique (c))',
      'create table nullable (a int unique)',
      'create table prefix (a text not null, unique (a(10)))',
      'create view seen as select * from keyed',
    ]);
    const streams = await discoverAll(configOf(database));
    expect(Object.fromEntries(streams.map(({ tableName, keyProperties }) => [tableName, keyProperties]))).toEqual({
      keyed: ['b', 'a'],
      narrow: ['c'],
      nullable: [],
      prefix: [],
      seen: [],
    });
  });

  test('has generated and invisible columns as any other', async () => {
    const database = await createDatabase(shared(), [
      'create table t (id int primary key, v int generated always as (id * 2) virtual, s int generated always as (id * 3) stored, hidden int invisible default 7)',
      'insert into t (id) values (1)',
    ]);
    expect(await readLines(configOf(database), 't')).toEqual(['{"id":1,"v":2,"s":3,"hidden":7}']);
  });

  if (server === 'MySQL')
    test('has the primary key that the server generated, also where it is hidden', async () => {
      const database = await createDatabase(shared(), [
        'set sql_generate_invisible_primary_key = on',
        'create table t (a int)',
        'insert into t values (5), (6)',
      ]);
      const name = user('generated_key');
      await execute(
        database,
        `drop user if exists ${name}`,
        `create user ${name} identified by 'reader'`,
        `grant select on ${database.database}.* to ${name}`,
        'set global show_gipk_in_create_table_and_information_schema = off',
      );
      try {
        const config = configOf({ ...database, user: name, password: 'reader' });
        const [stream] = await discoverAll(config);
        expect(stream?.keyProperties).toEqual(['my_row_id']);
        expect(await readLines(config, 't')).toEqual(['{"my_row_id":1,"a":5}', '{"my_row_id":2,"a":6}']);
      } finally {
        await execute(database, 'set global show_gipk_in_create_table_and_information_schema = on');
      }
    });

  test('excludes tables and columns that the user may not read', async () => {
    const database = await createDatabase(shared(), [
      'create table free (a int, b int)',
      'create table half (a int primary key, b int, secret text)',
      'create table none (a int)',
      'create table filled (a int)',
      'insert into half values (1, 2, "x")',
    ]);
    const name = user('column_reader');
    const on = (table: string) => `on ${database.database}.${table} to ${name}`;
    await execute(
      database,
      `drop user if exists ${name}`,
      `create user ${name} identified by 'reader'`,
      `grant select ${on('free')}`,
      `grant select (b) ${on('half')}`,
      `grant insert ${on('filled')}`,
    );
    const config = configOf({ ...database, user: name, password: 'reader' });
    const streams = await discoverAll(config);
    expect(
      streams.map(({ tableName, schema, keyProperties }) => [tableName, Object.keys(schema.properties), keyProperties]),
    ).toEqual([
      ['free', ['a', 'b'], []],
      ['half', ['b'], []],
    ]);
    expect(await readLines(config, 'half')).toEqual(['{"b":2}']);
  });

  test('leaves out a view whose table is gone with a warning, and reads the others', async () => {
    const database = await createDatabase(shared(), [
      'create table base (id int primary key)',
      'create table other (id int primary key)',
      'create view broken as select id from base',
      'create view fine as select id from other',
      'drop table base',
    ]);
    const log = recordingLog();
    expect(await namesOf(database, {}, log)).toEqual(['fine', 'other']);
    expect(log.warnings).toEqual([expect.stringMatching(/^views without readable columns .*\.broken$/)]);
  });

  test('finds a view whose definer is gone; its copy names the reason', async () => {
    const definer = user('gone_definer');
    const database = await createDatabase(shared(), [
      'create table base (id int primary key)',
      `drop user if exists ${definer}`,
      `create user ${definer}`,
    ]);
    await execute(
      database,
      `grant select on ${database.database}.* to ${definer}`,
      `create definer = ${definer} view lost as select id from base`,
      `drop user ${definer}`,
    );
    expect(await namesOf(database)).toEqual(['base', 'lost']);
    await expect(readLines(configOf(database), 'lost')).rejects.toMatchObject({
      code: expect.stringMatching(/^(?:access_denied|value_refused)$/),
      remedy: expect.stringContaining('definer'),
    });
  });

  describe('with filters', () => {
    let database: Login;
    let second: Login;
    beforeAll(async () => {
      database = await createDatabase(shared(), ['create table a (id int)', 'create table `dotted.name` (id int)']);
      second = await createDatabase(shared(), ['create table a (id int)', 'create table `b, c` (id int)']);
    });

    test.each<[(one: string, two: string) => Record<string, unknown>, string[]]>([
      [() => ({}), ['a', 'dotted.name']],
      [(one, two) => ({ database: `${one}, ${two}` }), ['a', 'a', 'b, c', 'dotted.name']],
      [() => ({ source_table: 'a' }), ['a']],
      [(one, two) => ({ database: `${one},${two}`, source_table: `${two}.a, dotted.name` }), ['a', 'dotted.name']],
      [(one, two) => ({ database: `${one},${two}`, source_table: '"b, c"' }), ['b, c']],
    ])('%s leaves its tables', async (configure, expected) => {
      expect(await namesOf(database, configure(database.database, second.database))).toEqual(expected);
    });

    test('warns of names that match nothing', async () => {
      const log = recordingLog();
      expect(await namesOf(database, { source_table: 'a, b' }, log)).toEqual(['a']);
      expect(log.warnings).toEqual([expect.stringMatching(/source_table: b$/)]);
    });
  });

  test('has the type of each column as the server calls it, and NOT NULL in the schema', async () => {
    const database = await createDatabase(shared(), [
      'create table t (a decimal(10,2) not null, b varchar(5), c json, d bigint unsigned)',
    ]);
    const [stream] = await discoverAll(configOf(database));
    const types = stream?.columnTypes ?? {};
    expect({ ...types, d: types.d?.replace('(20)', '') }).toEqual({
      a: 'decimal(10,2)',
      b: 'varchar(5)',
      c: 'json',
      d: 'bigint unsigned',
    });
    expect(stream?.schema.properties.a?.type).toEqual(['number']);
    expect(stream?.schema.properties.b?.type).toEqual(['null', 'string']);
  });

  test('gives the C8 types of the columns, and samples', async () => {
    const database = await createDatabase(shared(), [
      'create table t (id int primary key, flag tinyint(1), price decimal(10,2), f float, name text, day date, doc json, place point, raw blob)',
      `insert into t values (1, 1, 1.5, 2.5, 'n', '2023-04-05', '{"a": 1}', point(1, 2), x'00')`,
    ]);
    const [sample] = await new MysqlSource().samples(rawConfigOf(database));
    expect(Object.fromEntries(sample?.schema.attributes.map(({ name, type }) => [name, type]) ?? [])).toEqual({
      ...{ id: 'long', flag: 'bool', price: 'double', f: 'double', name: 'string', day: 'string' },
      ...{ doc: 'object', place: 'object', raw: 'string' },
    });
    expect(sample?.data).toHaveLength(1);
    expect(sample?.data[0]).toMatchObject({ id: 1, flag: true, f: 2.5, doc: { a: 1 }, raw: 'AA==' });
    const schemas = await new MysqlSource().schemas(rawConfigOf(database));
    expect(schemas).toEqual([sample?.schema]);
  });
});
