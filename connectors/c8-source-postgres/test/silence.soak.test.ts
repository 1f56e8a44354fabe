import { setTimeout as sleep } from 'node:timers/promises';
import { type PostgresServer, type SwallowingProxy, startPostgres, startSwallowingProxy } from 'test-services';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readTable } from '../c8_source_postgres/copy.ts';
import { configOf, connectTo, contextOf, discoverAll, readLines } from './harness.ts';

let server: PostgresServer;

beforeAll(async () => {
  server = await startPostgres();
  await using client = await connectTo(server);
  await client.query(`
    create view endless as select repeat('x', 1000) as text from generate_series(1, 1000000) a, generate_series(1, 1000) b;
    create view ending as select id, pg_sleep(case when id > 1 then 3 else 0 end)::text as slept from generate_series(1, 2) id;
    create view slow as select id, pg_sleep(40)::text as slept from generate_series(1, 1) id;
    create view paged as select id, repeat('x', 1000) as text from generate_series(1, 5000) id;
    create table locked (id int); insert into locked values (1);
    create role single login password 'single' connection limit 1; grant select on locked to single`);
});

afterAll(() => server.stop());

/** Milliseconds from the moment when the proxy begins to swallow bytes to the error of the read. */
async function noticed(view: string, which: 'existing' | 'all', delay: number) {
  await using proxy: SwallowingProxy = await startSwallowingProxy(server);
  const config = configOf(server, { port: proxy.port, ssl_mode: 'disable', filter_table: view });
  const [stream] = await discoverAll(config);
  if (stream === undefined) throw new Error('not discovered');
  let since = 0;
  const swallowing = (async () => {
    await sleep(delay);
    since = performance.now();
    proxy.swallow(which);
  })();
  const reading = (async () => {
    for await (const _ of readTable(stream, contextOf(stream, config)));
  })();
  await expect(reading).rejects.toMatchObject({
    code: 'connection_lost',
    isRetryable: true,
    message: expect.stringContaining('dead'),
  });
  await swallowing;
  return performance.now() - since;
}

describe.concurrent('a connection that dies silently', () => {
  test.concurrent.each([
    ['in the middle of rows, while a new connection works', 'endless', 'existing', 1500],
    ['in the middle of rows, while no new connection works', 'endless', 'all', 1500],
    ['while the server ends the query', 'ending', 'existing', 1500],
    ['while the server works, and no new connection works', 'slow', 'all', 1500],
  ] as const)(
    'is detected within 30 s: %s',
    async (_, view, which, delay) => {
      expect(await noticed(view, which, delay)).toBeLessThan(30_000);
    },
    60_000,
  );

  test('is not confused with a server that works, or a table that is locked, for longer than that', async () => {
    await using other = await connectTo(server);
    await other.query('begin; lock table locked in access exclusive mode');
    const reads = [readLines(configOf(server), 'public-slow'), readLines(configOf(server), 'public-locked')];
    const single = readLines(configOf(server, { user: 'single', password: 'single' }), 'public-locked');
    await sleep(35_000);
    await other.query('commit');
    expect(await Promise.all([...reads, single])).toEqual([['{"id":1,"slept":""}'], ['{"id":1}'], ['{"id":1}']]);
  }, 90_000);

  test('is not confused with a reader that takes long to read a page', async () => {
    const config = configOf(server, { filter_table: 'paged' });
    const [stream] = await discoverAll(config);
    if (stream === undefined) throw new Error('not discovered');
    let rows = 0;
    for await (const page of readTable(stream, contextOf(stream, config))) {
      rows += 'lines' in page ? page.count : 0;
      if (rows < 2500) await sleep(14_000);
    }
    expect(rows).toBe(5000);
  }, 60_000);
});
