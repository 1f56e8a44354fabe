import { idsOf, keyIn } from 'c8connector-sql/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectTo, createDatabase, type Login } from './harness.ts';
import { runIncrement } from './runs.ts';

let database: Login;

beforeAll(async () => {
  database = await createDatabase(`
    create table zoned (id int primary key, at timestamptz default now()); create table local (id int primary key, at timestamp default (now() at time zone 'Europe/Berlin'));
    create table far (id int primary key, at timestamptz); insert into far values (1, '2990-01-01Z');
    create table counted (id int primary key); insert into counted values (1), (3);
    create table readied (id int primary key, at timestamptz default now()); insert into readied values (1);
    create role onlooker login password 'a'; grant select on all tables in schema public to onlooker`);
});

afterAll(async () => {
  await using client = await connectTo(database);
  await client.query('drop owned by onlooker; drop role onlooker');
});

describe('a row that is committed late, with an earlier time, is not missed', () => {
  test.each([
    ['zoned', {}],
    ['local', { timestamp_zone: 'Europe/Berlin' }],
  ])('by %s', async (table, config) => {
    await using slow = await connectTo(database);
    await using quick = await connectTo(database);
    await slow.query(`begin; insert into ${table} values (1)`);
    await quick.query(`insert into ${table} values (2)`);
    const first = await runIncrement(database, table, 'at', { config });
    expect(idsOf(first.rows)).toEqual([2]);
    await quick.query(`insert into ${table} values (3)`);
    await slow.query('commit');
    const second = await runIncrement(database, table, 'at', { config, state: first.state });
    expect(idsOf(second.rows)).toEqual([1, 2, 3]);
    const third = await runIncrement(database, table, 'at', { config, state: second.state });
    expect(idsOf(third.rows)).toEqual([3]);
  });
});

test('a bookmark never goes back for an open transaction', async () => {
  const first = await runIncrement(database, 'zoned', 'at');
  await using old = await connectTo(database);
  await old.query('begin; select now()');
  const bookmark = { last_replication_method: 'INCREMENTAL', replication_key: 'at', version: 1 };
  const later = '2990-01-01T00:00:00+00:00';
  const state = { bookmarks: { 'public-far': { ...bookmark, replication_key_value: later } } };
  expect(keyIn((await runIncrement(database, 'far', 'at', { state })).state, 'public-far')).toBe(later);
  const second = await runIncrement(database, 'zoned', 'at', first);
  expect(keyIn(second.state, 'public-zoned')).toBe(keyIn(first.state, 'public-zoned'));
});

test('a key in the future does not hide rows with earlier keys', async () => {
  const { state } = await runIncrement(database, 'far', 'at');
  expect(Date.parse(String(keyIn(state, 'public-far')))).toBeLessThan(Date.now() + 60_000);
});

test('while a transaction is prepared the bookmark stays where it is, and a warning is logged', async () => {
  await using client = await connectTo(database);
  const first = await runIncrement(database, 'readied', 'at');
  await client.query(`begin; insert into readied values (2); prepare transaction '${database.database}'`);
  await client.query('insert into readied values (3)');
  const second = await runIncrement(database, 'readied', 'at', first);
  expect(keyIn(second.state, 'public-readied')).toBe(keyIn(first.state, 'public-readied'));
  expect(second.logged).toContainEqual(expect.stringContaining('prepared transactions (1)'));
  await client.query(`commit prepared '${database.database}'`);
  expect(idsOf((await runIncrement(database, 'readied', 'at', second)).rows)).toEqual([1, 2, 3]);
});

test('a warning is logged when the role may not see the transactions of others', async () => {
  const onlooker = { ...database, user: 'onlooker', password: 'a' };
  await using other = await connectTo(database);
  await other.query('begin; select 1');
  const { logged } = await runIncrement(onlooker, 'zoned', 'at');
  expect(logged).toContainEqual(expect.stringContaining('Grant the role pg_read_all_stats'));
  expect((await runIncrement(onlooker, 'counted', 'id')).logged).toEqual([]);
});
