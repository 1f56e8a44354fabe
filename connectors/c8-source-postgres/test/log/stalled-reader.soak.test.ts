// Takes about 140 s.
import { setTimeout as sleep } from 'node:timers/promises';
import { type PostgresServer, startPostgres } from 'test-services';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { follow } from './followed.ts';
import { idsOf, run } from './losing.ts';
import { ownDatabase } from './own-server.ts';

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres({ settings: { wal_sender_timeout: '60s' } });
});
afterAll(() => server.stop());

test("a reader that reads nothing for two minutes does not lose its connection to the server's timeout", async () => {
  const login = await ownDatabase(server);
  const { state } = await follow(login, { streams: ['public-t'] });
  await run(login, `insert into t select id, repeat('x', 1000) from generate_series(1, 20000) id`);
  let isStalled = false;
  const { lines } = await follow(login, {
    ...{ streams: ['public-t'], state },
    async onMessage({ type }) {
      if (type !== 'RECORDS' || isStalled) return;
      isStalled = true;
      await sleep(120_000);
    },
  });
  expect(isStalled).toBe(true);
  expect(idsOf(lines('public-t'))).toEqual(Array.from({ length: 20_000 }, (_, index) => index + 1));
}, 300_000);
