import { type PostgresServer, startPostgres } from 'test-services';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { follow } from './followed.ts';
import { idsOf, refusal, run } from './losing.ts';
import { crash, ownDatabase } from './own-server.ts';

const streams = ['public-t'];

describe('a server', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres({ settings: { max_slot_wal_keep_size: '64MB' } });
  });
  afterAll(() => server.stop());

  test('that invalidates the slot is refused with the reason, and a stream that starts over gets a new slot', async () => {
    const login = await ownDatabase(server);
    const { state } = await follow(login, { streams });
    for (let segment = 0; segment < 8; segment += 1)
      await run(login, `insert into t values (${segment}, 'x')`, 'select pg_switch_wal()');
    await run(login, 'checkpoint');
    expect((await refusal(login, state)).message).toMatch(/has invalidated the slot \(wal_removed\)/);
    const { lines, state: fresh } = await follow(login, { streams });
    expect(idsOf(lines('public-t'))).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    await run(login, `insert into t values (8, 'x')`);
    expect(idsOf((await follow(login, { streams, state: fresh })).lines('public-t'))).toEqual([8]);
  });

  test('that crashes and restarts with an older slot position sends no change twice and omits none', async () => {
    const login = await ownDatabase(server);
    const copied = await follow(login, { streams });
    await run(login, `insert into t values (1, 'x')`);
    const { state } = await follow(login, { streams, state: copied.state });
    await run(login, `insert into t values (2, 'x')`);
    const signal = new AbortController();
    // The server keeps the confirmed position in memory only, and then crashes.
    const confirmed = await follow(login, {
      streams,
      state,
      until: 'forever',
      durable: async () => state,
      signal: signal.signal,
      statePerPage: true,
      onMessage: ({ type }) => {
        if (type === 'STATE') signal.abort();
      },
    });
    await crash(server);
    await server.restart();
    await run(login, `insert into t values (3, 'x')`);
    const after = await follow(login, { streams, state: confirmed.state });
    expect([...idsOf(confirmed.lines('public-t')), ...idsOf(after.lines('public-t'))]).toEqual([2, 3]);
  });
});
