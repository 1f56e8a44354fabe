import pg from 'pg';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { PostgresSource } from '../c8_source_postgres/index.ts';
import { configOf, createDatabase, discoverAll, type Login, rawConfigOf, readLines, recordingLog } from './harness.ts';

afterEach(() => vi.restoreAllMocks());

async function idsOf(database: Login, config: Record<string, unknown> = {}, log = recordingLog()) {
  return (await discoverAll(configOf(database, config), log)).map(({ id }) => id).sort();
}

test('finds tables, views, materialized, foreign and partitioned tables, and partitions', async () => {
  const database = await createDatabase(`
    create table plain (id int primary key);
    create view seen as select * from plain;
    create materialized view kept as select * from plain;
    create table parted (id int) partition by range (id);
    create table parted_1 partition of parted for values from (0) to (10);
    create extension postgres_fdw;
    create server loop foreign data wrapper postgres_fdw;
    create foreign table far (id int) server loop;
    create table toasted (big text);
    create temporary table passing (id int);
    create sequence counting;
    create schema "other one";
    create table "other one".t (id int)`);
  const streams = await discoverAll(configOf(database));
  expect(Object.fromEntries(streams.map(({ id, isView }) => [id, isView]))).toEqual({
    'other one-t': false,
    'public-far': false,
    'public-kept': true,
    'public-parted': false,
    'public-parted_1': false,
    'public-plain': false,
    'public-seen': true,
    'public-toasted': false,
  });
});

test('reads names with quotes, dots, spaces, capitals and unicode', async () => {
  const database = await createDatabase(`
    create schema "Ein.Schéma";
    create table "Ein.Schéma"."We ird.T'a""ble" ("Col ""Q""" int primary key, "b,c" text, "ünï ☃" text, "back\\slash" text);
    insert into "Ein.Schéma"."We ird.T'a""ble" values (1, 'x', 'y', 'z')`);
  const id = `Ein.Schéma-We ird.T'a"ble`;
  expect(await readLines(configOf(database), id)).toEqual([
    String.raw`{"Col \"Q\"":1,"b,c":"x","ünï ☃":"y","back\\slash":"z"}`,
  ]);
  const [stream] = await discoverAll(configOf(database));
  expect(stream).toMatchObject({
    id,
    schemaName: 'Ein.Schéma',
    tableName: `We ird.T'a"ble`,
    keyProperties: ['Col "Q"'],
  });
});

test('takes the primary key in its own column order, otherwise a unique index that covers all rows, otherwise none', async () => {
  const database = await createDatabase(
    `
    create table keyed (a int, b int, primary key (b, a) include (c), c int);
    create table narrow (a int not null, b int not null, c int not null, unique (a, b), unique (c));
    create table nullable (a int unique);
    create table partial (a int not null, on_ boolean); create unique index on partial (a) where on_;
    create table expression (a text not null); create unique index on expression (lower(a));
    create table later (a int not null unique deferrable initially deferred);
    create view seen as select * from keyed`.replace(
      'primary key (b, a) include (c), c int',
      'c int, primary key (b, a) include (c)',
    ),
  );
  const streams = await discoverAll(configOf(database));
  expect(Object.fromEntries(streams.map(({ tableName, keyProperties }) => [tableName, keyProperties]))).toEqual({
    keyed: ['b', 'a'],
    narrow: ['c'],
    nullable: [],
    partial: [],
    expression: [],
    later: [],
    seen: [],
  });
});

test('the type of a NOT NULL column does not allow null', async () => {
  const database = await createDatabase('create table t (a int not null, b int, c text not null)');
  const [stream] = await discoverAll(configOf(database));
  expect(Object.values(stream?.schema.properties ?? {}).map(({ type }) => type)).toEqual([
    ['integer'],
    ['null', 'integer'],
    ['string'],
  ]);
});

test('estimates rows once the table was analyzed, and not before', async () => {
  const database = await createDatabase(`
    create table counted as select generate_series(1, 500) id; analyze counted; create table fresh (id int); create view seen as select 1 as x`);
  const streams = await discoverAll(configOf(database));
  expect(streams.map(({ tableName, rowCount }) => [tableName, rowCount])).toEqual([
    ['counted', 500],
    ['fresh', undefined],
    ['seen', undefined],
  ]);
});

test('excludes tables and columns that the role may not read', async () => {
  const database = await createDatabase(`
    create role column_reader login password 'reader';
    create table free (a int, b int); grant select on free to column_reader;
    create table half (a int primary key, b int, secret text); grant select (b) on half to column_reader;
    create table none (a int);
    create schema closed; create table closed.t (a int); grant select on closed.t to column_reader;
    insert into half values (1, 2, 'x')`);
  const config = configOf(database, { user: 'column_reader', password: 'reader' });
  const streams = await discoverAll(config);
  expect(streams.map(({ id, schema, keyProperties }) => [id, Object.keys(schema.properties), keyProperties])).toEqual([
    ['public-free', ['a', 'b'], []],
    ['public-half', ['b'], []],
  ]);
  expect(await readLines(config, 'public-half')).toEqual(['{"b":2}']);
});

describe('the filters', () => {
  let database: Login;
  beforeAll(async () => {
    database = await createDatabase(`create table a (id int); create table "dotted.name" (id int);
      create schema sales; create table sales.a (id int); create table sales."b, c" (id int)`);
  });

  test.each([
    [{ filter_schemas: 'sales' }, ['sales-a', 'sales-b, c']],
    [{ filter_schemas: 'public,sales' }, ['public-a', 'public-dotted.name', 'sales-a', 'sales-b, c']],
    [{ filter_table: 'a' }, ['public-a', 'sales-a']],
    [{ filter_table: 'sales.a, dotted.name' }, ['public-dotted.name', 'sales-a']],
    [{ filter_table: 'sales."b, c"' }, ['sales-b, c']],
    [{ filter_schemas: 'public', filter_table: 'a' }, ['public-a']],
  ])('%j leave %j', async (filters, expected) => {
    expect(await idsOf(database, filters)).toEqual(expected);
  });
});

test('warns of names in the filters that match nothing', async () => {
  const database = await createDatabase('create table a (id int)');
  const log = recordingLog();
  expect(await idsOf(database, { filter_table: 'a, b', filter_schemas: 'public, elsewhere' }, log)).toEqual([
    'public-a',
  ]);
  expect(log.warnings).toEqual([expect.stringMatching(/filter_schemas: elsewhere, filter_table: b$/)]);
});

test('two relations with one id are an error that names both', async () => {
  const database = await createDatabase(
    'create schema "a-b"; create table "a-b".c (id int); create schema a; create table a."b-c" (id int)',
  );
  await expect(idsOf(database)).rejects.toMatchObject({
    code: 'stream_ambiguous',
    exitCode: 2,
    message: '"a"."b-c" and "a-b"."c" have the same stream id a-b-c.',
  });
  expect(await idsOf(database, { filter_table: 'a-b.c' })).toEqual(['a-b-c']);
});

test('queries the server as often for a hundred tables as for one', async () => {
  const queriesOf = async (count: number) => {
    const tables = Array.from(
      { length: count },
      (_, index) => `create table t${index} (id int primary key, a text, b numeric[])`,
    );
    const database = await createDatabase(tables.join(';'));
    const queries = vi.spyOn(pg.Client.prototype, 'query').mockClear();
    await new PostgresSource().discover(rawConfigOf(database));
    return queries.mock.calls.length;
  };
  const one = await queriesOf(1);
  expect(one).toBeGreaterThan(3);
  expect(await queriesOf(100)).toBe(one);
});

test('the type of each column is in the catalog as the server calls it', async () => {
  const database = await createDatabase('create table t (a numeric(10,2), b varchar(5), c int[], d timestamptz)');
  const [stream] = await discoverAll(configOf(database));
  expect(stream?.columnTypes).toEqual({
    a: 'numeric',
    b: 'character varying',
    c: 'integer[]',
    d: 'timestamp with time zone',
  });
});
