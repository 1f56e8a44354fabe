import pg from 'pg';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { changes } from '../../../../connectors/c8-source-postgres/test/changes.ts';
import { type MainJob, readJson, startMainJob } from './main-job.ts';

let job: MainJob;
beforeAll(async () => {
  job = await startMainJob();
});
afterAll(() => job[Symbol.asyncDispose]());

test('a sync stores the rows of one moment under the right column names, whatever other transactions do while it waits for the table', async () => {
  const { host, port, user, password } = job.postgres;
  const connection = await job.connection('moment.json');
  const written = (await readJson(connection)) as {
    source: { config: { dbname: string } };
    target: { config: { bucket: string } };
  };
  const { dbname } = written.source.config;
  await job.query(`create extension postgres_fdw; create server self foreign data wrapper postgres_fdw options (host '${host}', port '${port}', dbname '${dbname}');
    create user mapping for ${user} server self options (user '${user}', password '${password}')`);
  const others: pg.Client[] = [];
  for (const { before, change } of changes) {
    await job.query(before);
    const other = new pg.Client({ host, port, user, password, database: dbname });
    await other.connect();
    others.push(other);
    await other.query(`begin; ${change}`);
  }
  const streams = changes.map(({ table }) => `public-${table}`);
  const path = await job.connection('moment.json', { target: { format: 'jsonl', compression: 'none' }, streams });
  const running = job.start('sync', path);
  for (const other of others) {
    await vi.waitFor(
      async () => {
        const waiting = `select count(*)::int as count from pg_stat_activity where datname = '${dbname}' and wait_event_type = 'Lock'`;
        expect((await job.query(waiting)).rows).toEqual([{ count: 1 }]);
      },
      { timeout: 15_000, interval: 20 },
    );
    await other.query('commit');
    await other.end();
  }
  const { code, stderr } = await running.ended;
  expect(code, stderr).toBe(0);
  for (const { table, rows } of changes) {
    const objects = job.s3.objects(written.target.config.bucket).filter(({ key }) => key.includes(`public-${table}/`));
    const texts = await Promise.all(objects.map(({ key }) => job.s3.read(written.target.config.bucket, key)));
    const lines = texts.flatMap((text) => Buffer.from(text).toString().trimEnd().split('\n'));
    expect(
      lines.map((line) => JSON.parse(line)),
      table,
    ).toEqual(rows);
  }
}, 60_000);
