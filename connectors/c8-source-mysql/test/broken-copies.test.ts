// Takes about 15 s.
import { setTimeout as sleep } from 'node:timers/promises';
import { startCuttingProxy, startMariaDb, startMySql } from 'test-services';
import { beforeAll, expect, test } from 'vitest';
import { type CollectOptions, collect } from './collecting-run.ts';
import {
  connectTo,
  createDatabase,
  describeServers,
  type Login,
  type ServerName,
  sharedServer,
  threadsOf,
} from './harness.ts';
import { streamIn } from './runs.ts';

const count = 300;

async function filled(server: Login): Promise<Login> {
  const numbers = `with recursive ns as (select 1 as n union all select n + 1 from ns where n < ${count})`;
  return await createDatabase(server, [
    `set time_zone = '+00:00'`,
    `create table wide (id int primary key, at datetime default '2024-01-01', filler text)`,
    `insert into wide (id, filler) ${numbers} select n, repeat('x', 20000) from ns`,
    'create table keyless (id int, filler text)',
    // More than the buffers between the server and the source hold.
    'create table large (id int primary key, filler mediumtext)',
    `insert into large ${numbers} select n, repeat('x', 150000) from ns`,
    `insert into keyless ${numbers} select n, repeat('x', 20000) from ns`,
  ]);
}

const ids = Array.from({ length: count }, (_, id) => id + 1);
const increment = { metadata: { 'replication-method': 'INCREMENTAL', 'replication-key': 'at' } };

const ways: readonly (readonly [string, string, CollectOptions])[] = [
  ['in one piece', 'wide', {}],
  ['in ranges of the key', 'wide', { config: { partitions: 3 }, concurrency: 2 }],
  ['by a replication key', 'wide', increment],
  ['without a key', 'keyless', {}],
];

describeServers('a copy resumes by itself, and has each row once', (server: ServerName) => {
  let database: Login;

  beforeAll(async () => {
    database = await filled(sharedServer(server));
  });

  test.concurrent.each(ways)('%s, when its connection breaks', async (_way, table, options) => {
    // After some pages, and in the middle of one.
    await using proxy = await startCuttingProxy(database, { afterBytes: 1_700_001, times: 1 });
    const login = { ...database, host: '127.0.0.1', port: proxy.port };
    const { status, events, rows } = await collect(login, streamIn(database, table), options);
    expect([status, proxy.cuts()]).toEqual(['done', 1]);
    expect(events.filter(({ type }) => type === 'retry')).toHaveLength(1);
    expect(rows.map(({ id }) => Number(id)).sort((one, other) => one - other)).toEqual(ids);
  });

  test.each(['query', 'connection'])('when an administrator kills the %s', async (what) => {
    await using admin = await connectTo(database);
    let kills = 0;
    const { status, rows } = await collect(database, streamIn(database, 'large'), {
      async onRows() {
        if (kills > 0) return;
        for (const { id, database: used, statement } of await threadsOf(database)) {
          if (used !== null || !/^select .*large/is.test(statement)) continue;
          await admin.query(`kill ${what} ${id}`);
          kills += 1;
        }
      },
    });
    expect([status, kills]).toEqual(['done', 1]);
    expect(rows.map(({ id }) => Number(id))).toEqual(ids);
  });

  test('when the server restarts', async () => {
    const own = await (server === 'MariaDB' ? startMariaDb() : startMySql());
    try {
      const { host, port, user, password } = own;
      const login = await filled({ host, port, user, password, database: own.database });
      let restarting: Promise<unknown> | undefined;
      const { status, rows } = await collect(login, streamIn(login, 'wide'), {
        async onRows() {
          restarting ??= own.restart();
          await sleep(50);
        },
      });
      await restarting;
      expect(status).toBe('done');
      expect(rows.map(({ id }) => Number(id))).toEqual(ids);
    } finally {
      await own.stop();
    }
  });
});
