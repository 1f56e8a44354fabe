import { startCuttingProxy } from 'test-services';
import { beforeAll, expect, test } from 'vitest';
import { type CollectOptions, collect } from './collecting-run.ts';
import { createDatabase, type Login } from './harness.ts';

let database: Login;

beforeAll(async () => {
  database = await createDatabase(`
    create table wide (id int primary key, at timestamptz default now(), filler text); insert into wide (id, filler) select id, repeat('x', 20000) from generate_series(1, 300) id;
    create table keyless (id int, filler text); insert into keyless select id, repeat('x', 20000) from generate_series(1, 300) id`);
});

const increment = { metadata: { 'replication-method': 'INCREMENTAL', 'replication-key': 'at' } };

/** The last value: whether each row comes once, although the target cannot remove any. */
const ways: readonly (readonly [string, string, CollectOptions, boolean])[] = [
  ['in one piece', 'wide', {}, true],
  ['in ranges of the key', 'wide', { config: { partitions: 3 }, concurrency: 2 }, true],
  ['by a replication key', 'wide', increment, true],
  ['without a key', 'keyless', {}, true],
  ['in ranges of blocks', 'keyless', { config: { partitions: 3 }, concurrency: 2 }, false],
];

test.concurrent.each(ways)(
  'a copy %s resumes by itself when its connection breaks, and no row is missing',
  async (_way, table, options, isOnce) => {
    // After some pages, and in the middle of one.
    await using proxy = await startCuttingProxy(database, { afterBytes: 1_700_001, times: 1 });
    const login = { ...database, host: '127.0.0.1', port: proxy.port };
    const { status, events, rows } = await collect(login, `public-${table}`, options);
    expect([status, proxy.cuts()]).toEqual(['done', 1]);
    expect(events.filter(({ type }) => type === 'retry')).toHaveLength(1);
    const ids = rows.map(({ id }) => Number(id));
    expect([...new Set(ids)].sort((one, other) => one - other)).toEqual(Array.from({ length: 300 }, (_, id) => id + 1));
    if (isOnce) expect(ids).toHaveLength(300);
  },
);
