// Takes about 10 s.
import { cp, rename, rm } from 'node:fs/promises';
import { stringifyValue } from 'c8connector';
import { type PostgresServer, startPostgres } from 'test-services';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { follow } from './followed.ts';
import { edited, idsOf, refusal, run } from './losing.ts';
import { crash, own, ownDatabase, recover } from './own-server.ts';

const streams = ['public-t'];

describe('a server', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());

  test('that is restored to an earlier time is refused, since its log ends before the position', async () => {
    const login = await ownDatabase(server);
    const copied = await follow(login, { streams });
    const folder = await crash(server);
    const backup = `${folder}.backup`;
    await cp(folder, backup, { recursive: true, preserveTimestamps: true });
    await server.restart();
    for (let id = 0; id < 3; id += 1) await run(login, `insert into t values (${id}, 'x')`, 'select pg_switch_wal()');
    const { state } = await follow(login, { streams, state: copied.state });
    await crash(server);
    await rename(folder, `${folder}.lost`);
    await rename(backup, folder);
    await own(folder, `${folder}.lost`);
    await server.restart();
    expect((await refusal(login, state)).message).toMatch(/ends before this position/);
    await rm(`${folder}.lost`, { recursive: true });
  });

  test('that is promoted continues a log that it shares, under its next timeline', async () => {
    const login = await ownDatabase(server);
    const copied = await follow(login, { streams });
    await run(login, `insert into t values (1, 'x')`);
    const folder = await crash(server);
    await recover(folder);
    await server.restart();
    await vi.waitFor(() => run(login, `insert into t values (2, 'x')`), { timeout: 20_000 });
    const { lines, state } = await follow(login, { streams, state: copied.state });
    expect(idsOf(lines('public-t'))).toEqual([1, 2]);
    expect(stringifyValue(state)).toContain('"timeline":2');
    const beyond = edited(state, (text) => text.replaceAll('"timeline":2', '"timeline":1'));
    expect((await refusal(login, beyond)).message).toMatch(/promoted or restored: it left timeline 1 at/);
  });
});
