import { afterAll, beforeAll, expect, test } from 'vitest';
import { type MainJob, readJson, startMainJob } from './main-job.ts';

let job: MainJob;
beforeAll(async () => {
  job = await startMainJob();
  await job.query(`
    CREATE TABLE a_good AS SELECT 1 AS id;
    CREATE MATERIALIZED VIEW b_unfilled AS SELECT 1 AS id WITH NO DATA;
    CREATE VIEW c_divides AS SELECT 1 / (random() * 0)::int AS id;
    CREATE FUNCTION refuse() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'not today'; END $$;
    CREATE VIEW d_raises AS SELECT refuse() AS id;
    CREATE TABLE e_good AS SELECT 2 AS id`);
});
afterAll(async () => {
  await job[Symbol.asyncDispose]();
});

test('streams that fail are named, and do not keep the others from being copied', async () => {
  const connection = await job.connection('failing.yaml');
  const { code, stderr } = await job.start('sync', connection).ended;
  expect(code).not.toBe(0);
  for (const name of ['b_unfilled', 'c_divides', 'd_raises', 'not today']) expect(stderr).toContain(name);
  const state = (await readJson(`${connection}.state.json`)) as {
    c8: { run?: object; streams: Record<string, { phase: string }> };
  };
  const complete = Object.keys(state.c8.streams).filter((stream) => state.c8.streams[stream]?.phase === 'copied');
  expect(complete).toEqual(['public-a_good', 'public-e_good']);
  expect(state.c8.run).toBeUndefined();
});

test('samples show the good streams and name the others', async () => {
  const connection = (await readJson(await job.connection('config.yaml'))) as { source: { config: object } };
  const { writeFile } = await import('node:fs/promises');
  await writeFile(`${job.folder}/source.json`, JSON.stringify(connection.source.config));
  const args = ['samples', 'c8-source-postgres', '--config', `${job.folder}/source.json`, '--json'];
  const { code, stdout, stderr } = await job.start(...args).ended;
  expect(code, stderr).toBe(0);
  const counts = JSON.parse(stdout).map((sample: { schema: { name: string }; data: unknown[] }) => [
    sample.schema.name,
    sample.data.length,
  ]);
  expect(counts).toContainEqual(['public-e_good', 1]);
  expect(stderr).toContain('public-c_divides');
});
