import { type PostgresServer, startPostgres } from 'test-services';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { PostgresSource } from '../c8_source_postgres/index.ts';
import { connectTo, rawConfigOf, recordingLog } from './harness.ts';

let server: PostgresServer;

beforeAll(async () => {
  server = await startPostgres();
});

afterAll(() => server.stop());

test('a locked table and a slow view do not stop other samples, are logged with the reason, and leave no query running', async () => {
  await using client = await connectTo(server);
  const names = Array.from({ length: 12 }, (_, index) => `t${index}`);
  await client.query(`
    ${names.map((name) => `create table ${name} as select 1 as id`).join(';')};
    create table locked as select 1 as id;
    create view slow as select 1 as id, pg_sleep(600)::text as slept;
    create view slower as select n as id, repeat('x', 10000) as filler, pg_sleep(case when n > 2 then 600 else 0 end)::text as slept from generate_series(1, 5) n;
    alter role postgres set statement_timeout = '1h'`);
  await client.query('begin; lock table locked in access exclusive mode');
  const log = recordingLog();
  const startedAt = performance.now();
  const samples = await new PostgresSource().samples(rawConfigOf(server), { log });
  expect(performance.now() - startedAt).toBeLessThan(14_000);
  expect(Object.fromEntries(samples.map(({ schema, data }) => [schema.name, data.length]))).toEqual({
    'public-locked': 0,
    'public-slow': 0,
    // The end of the second row stays in the server's buffer.
    'public-slower': 1,
    ...Object.fromEntries(names.map((name) => [`public-${name}`, 1])),
  });
  expect(log.warnings).toEqual([
    expect.stringMatching(/^waiting for public-locked for 1 s/),
    expect.stringMatching(/^no sample of public-locked: Another session holds a lock/),
    expect.stringMatching(/^no sample of public-slow: .*no row within 10 seconds/),
  ]);
  await client.query('rollback');
  const running = `select count(*)::int as count from pg_stat_activity where application_name = 'c8-source-postgres'`;
  await vi.waitFor(async () => expect((await client.query(running)).rows).toEqual([{ count: 0 }]), { timeout: 5000 });
});
