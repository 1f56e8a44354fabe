import { streamMetadata } from 'c8connector';
import { beforeAll, describe, expect, test } from 'vitest';
import { PostgresSource } from '../c8_source_postgres/index.ts';
import { configOf, createDatabase, discoverAll, type Login, rawConfigOf } from './harness.ts';

let database: Login;

beforeAll(async () => {
  database = await createDatabase(`
    create table keyed (id int primary key, at timestamptz); create view seen as select * from keyed; create materialized view kept as select * from keyed;
    create table keyless (id int); create table parents (id int primary key); create table children (primary key (id)) inherits (parents); create table identified (id int); alter table identified replica identity full;
    create unlogged table unlogged (id int primary key);
    create table unique_only (id int not null unique); create table indexed (id int not null unique); alter table indexed replica identity using index indexed_id_key;
    create extension postgres_fdw; create server self foreign data wrapper postgres_fdw; create foreign table far (id int) server self;
    create table parted (id int primary key) partition by range (id); create table documents (document jsonb, flag boolean, points point, list int[], bytes bytea);
    create extension citext; create domain counted as bigint; create type pair as (a int, b int); create type mood as enum ('a', 'b');
    create table typed (small smallint, whole int, large bigint, exact numeric, fixed numeric(10, 2), "real" real, "double" float8, day date, at timestamp, zoned timestamptz, clock time,
      text text, short varchar(5), padded char(5), name name, id uuid, address inet, net cidr, mac macaddr, bits bit(3), mood mood, counted counted, citext citext, range int4range, lsn pg_lsn,
      document json, binary_document jsonb, flag boolean, bytes bytea, list int[], price money, since interval, zoned_clock timetz, place point, pair pair, one_bit bit, xml xml)`);
});

async function replicationOf(table: string, config: Record<string, unknown> = {}) {
  const streams = await discoverAll(configOf(database, { filter_table: table, ...config }));
  return streams[0]?.replication;
}

describe('the reason why a relation does not offer LOG_BASED', () => {
  test.each<[string, RegExp | undefined]>([
    ['keyed', undefined],
    ['identified', undefined],
    ['indexed', undefined],
    ['parted', undefined],
    ['seen', /changes of a view are not in the log/],
    ['kept', /changes of a view are not in the log/],
    ['far', /foreign table/],
    ['unlogged', /UNLOGGED/],
    ['parents', /other tables inherit/],
    ['children', undefined],
    ['keyless', /no primary key.*REPLICA IDENTITY FULL/],
    ['unique_only', /no primary key/],
  ])('of %s is %s', async (table, reason) => {
    const said = (await replicationOf(table))?.reasons?.LOG_BASED;
    if (reason === undefined) expect(said).toBeUndefined();
    else expect(said).toMatch(reason);
  });
});

const ordered = 'small whole large exact fixed real double day at zoned clock'.split(' ');
const texts = 'text short padded name id address net mac bits mood counted citext range lsn'.split(' ');

test('a column can be a replication key if the server can order its values and JSON can hold them without loss', async () => {
  const { methods, keys, isSorted } = (await replicationOf('typed')) ?? {};
  expect(keys).toEqual([...ordered, ...texts]);
  expect([methods, isSorted]).toEqual([['FULL_TABLE', 'INCREMENTAL'], true]);
});

test.each([
  [{ out_of_range_dates: 'text' }, ['day', 'at', 'zoned']],
  [{ special_numbers: 'text' }, ['exact', 'fixed', 'real', 'double']],
])(
  'with %j infinity is text, so columns of types with an infinity cannot be replication keys',
  async (config, without) => {
    const keys = (await replicationOf('typed', config))?.keys;
    expect(keys).toEqual([...ordered, ...texts].filter((name) => !without.includes(name)));
  },
);

test('the method in the config applies to each table that offers it, and a table without an ordered column is copied', async () => {
  const config = { replication_method: 'INCREMENTAL' };
  expect((await replicationOf('keyed', config))?.methods).toEqual(['INCREMENTAL', 'FULL_TABLE', 'LOG_BASED']);
  const logged = { replication_method: 'LOG_BASED' };
  expect((await replicationOf('keyed', logged))?.methods).toEqual(['LOG_BASED', 'FULL_TABLE', 'INCREMENTAL']);
  expect(await replicationOf('documents', config)).toEqual({
    methods: ['FULL_TABLE'],
    reasons: {
      INCREMENTAL: 'it has no column whose values can be ordered',
      LOG_BASED: expect.stringContaining('no primary key'),
    },
  });
});

test('the catalog has the keys, the method and the reasons', async () => {
  const catalog = await new PostgresSource().discover(rawConfigOf(database, { filter_table: 'seen' }));
  expect(streamMetadata(catalog.streams[0] as never)).toMatchObject({
    'valid-replication-keys': ['id', 'at'],
    'replication-method': 'FULL_TABLE',
    'unsupported-replication-methods': { LOG_BASED: 'the changes of a view are not in the log' },
  });
});
