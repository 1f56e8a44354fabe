import { beforeAll, expect, test } from 'vitest';
import type { PostgresStream } from '../c8_source_postgres/discover.ts';
import { configOf, createDatabase, discoverAll, type Login, readLines } from './harness.ts';

let database: Login;
let streams: ReadonlyMap<string, PostgresStream>;

beforeAll(async () => {
  database = await createDatabase(`
    create table par (id int primary key, a text not null); create table chi (b int, primary key (id)) inherits (par);
    create table grandchi (primary key (id)) inherits (chi);
    insert into par values (1, 'parent'); insert into chi values (1, 'child', 9), (2, 'child', 9); insert into grandchi values (3, 'grandchild', 9);
    create table hyper (at timestamptz not null, device int not null, primary key (at, device));
    create schema chunks; create table chunks.chunk_1 (primary key (at, device), check (at < '2024-01-01')) inherits (hyper);
    create table chunks.chunk_2 (primary key (at, device), check (at >= '2024-01-01')) inherits (hyper);
    insert into chunks.chunk_1 values ('2023-05-05', 1); insert into chunks.chunk_2 values ('2024-05-05', 1), ('2024-05-05', 2);
    create table parted (id int primary key) partition by range (id);
    create table parted_low partition of parted for values from (0) to (10) partition by range (id);
    create table parted_lowest partition of parted_low for values from (0) to (5); insert into parted values (1), (2);
    create table alone (id int primary key); create table once_parent (id int primary key); create table once_child () inherits (once_parent); drop table once_child;
    create table lax (id int not null no inherit, a text not null); create table lax_child () inherits (lax);
    create extension postgres_fdw; create server loop foreign data wrapper postgres_fdw;
    create foreign table far (id int not null) server loop;
    analyze par; analyze chi; analyze alone`);
  streams = await streamsOf();
});

async function streamsOf(filter: Record<string, unknown> = {}) {
  const found = await discoverAll(configOf(database, filter));
  return new Map(found.map((stream) => [stream.id, stream]));
}

test.each([
  ['public-par', [], true],
  ['public-chi', [], false],
  ['public-grandchi', ['id'], false],
  ['public-hyper', [], true],
  ['chunks-chunk_1', ['at', 'device'], false],
  ['chunks-chunk_2', ['at', 'device'], false],
  ['public-parted', ['id'], true],
  ['public-parted_low', ['id'], false],
  ['public-parted_lowest', ['id'], false],
  ['public-alone', ['id'], true],
  ['public-once_parent', ['id'], true],
])('%s has the key %j, which is unique in what SELECT returns; selected by default: %s', (id, key, isSelected) => {
  const stream = streams.get(id);
  expect(stream?.keyProperties).toEqual(key);
  expect(stream?.isSelectedByDefault ?? true).toBe(isSelected);
});

test('the streams that are selected by default contain each row exactly once', async () => {
  const config = configOf(database);
  expect(await readLines(config, 'public-par', { columns: ['id'] })).toEqual([
    '{"id":1}',
    '{"id":1}',
    '{"id":2}',
    '{"id":3}',
  ]);
  expect(await readLines(config, 'public-hyper')).toHaveLength(3);
  expect(await readLines(config, 'public-parted')).toHaveLength(2);
});

test('a child table is selected by default if its parent is not listed', async () => {
  const alone = await streamsOf({ filter_schemas: 'chunks' });
  expect([...alone.values()].map(({ isSelectedByDefault = true }) => isSelectedByDefault)).toEqual([true, true]);
});

test('a column is nullable if a child table allows null in it, and in a foreign table', () => {
  const typesOf = (id: string) => Object.values(streams.get(id)?.schema.properties ?? {}).map(({ type }) => type);
  expect(typesOf('public-lax')).toEqual([['null', 'integer'], ['string']]);
  expect(typesOf('public-par')).toEqual([['integer'], ['string']]);
  expect(typesOf('public-far')).toEqual([['null', 'integer']]);
});

test("the server's row count of a parent, which excludes its children, is not used as an estimate", () => {
  expect(streams.get('public-par')?.rowCount).toBeUndefined();
  expect(streams.get('public-alone')?.rowCount).toBe(0);
});
