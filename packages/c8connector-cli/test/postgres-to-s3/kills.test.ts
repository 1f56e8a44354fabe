// Takes about 15 s.
import type { StoredObject } from 'c8connector';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectDeadLetters, lists } from './dead-letters.ts';
import { type MainJob, startMainJob } from './main-job.ts';

/** Change it to try other moments; a failure names it. */
const seed = Number(process.env.C8_SEED ?? 20261122);
const kills = process.env.C8_SOAK ? 20 : 5;
const tables = ['a', 'b', 'c'];
const rows = 25_000;

let job: MainJob;
beforeAll(async () => {
  job = await startMainJob();
  for (const table of tables) {
    await job.query(`CREATE TABLE ${table} (id integer PRIMARY KEY, text text, number numeric, list integer[])`);
    await job.query(
      `INSERT INTO ${table} SELECT id, md5(id::text), id / 7.0, ${lists(2500)} FROM generate_series(1, ${rows}) id`,
    );
  }
});
afterAll(async () => {
  await job[Symbol.asyncDispose]();
});

/** The same numbers between 0 and 1 for the same seed. */
function randomNumbers(start: number): () => number {
  let state = start;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

test(`${kills} kills at random moments (seed ${seed}) lose, change and double no row and no dead letter, and leave nothing behind`, {
  timeout: 120_000,
}, async () => {
  const random = randomNumbers(seed);
  const connection = await job.connection('kills.yaml', { target: { flush_rows: 3000 } });
  // How long a whole run takes here, so that the kills fall anywhere in it.
  const startedAt = Date.now();
  expect((await job.start('sync', connection).ended).code).toBe(0);
  let whole = Date.now() - startedAt;

  let killed = 0;
  while (killed < kills) {
    const runAt = Date.now();
    const { child, ended } = job.start('sync', connection);
    const timer = setTimeout(() => child.kill('SIGKILL'), 0.95 * whole * random());
    const { code, stderr } = await ended;
    clearTimeout(timer);
    expect([0, 'SIGKILL'], stderr).toContain(code);
    if (code === 'SIGKILL') killed += 1;
    else whole = Math.min(whole, Date.now() - runAt);
  }
  let last = await job.start('sync', connection).ended;
  for (let n = 0; n < 3 && last.code !== 0; n += 1) last = await job.start('sync', connection).ended;
  expect(last.code, last.stderr).toBe(0);

  const listed = await job.start('objects', connection, '--json').ended;
  const objects = listed.stdout
    .split('\n')
    .slice(0, -1)
    .map((line): StoredObject => JSON.parse(line));
  for (const table of tables) {
    const own = objects.filter(({ stream }) => stream === `public-${table}`);
    const columns = `count(*)::int AS rows, count(DISTINCT id)::int AS keys, md5(string_agg(concat_ws('|', id, text, number), ',' ORDER BY id)) AS sum`;
    const source = await job.query(`SELECT ${columns} FROM ${table} WHERE array_ndims(list) = 1`);
    const files = await job.parquet(own.map(({ key }) => key));
    expect(await job.duckdb(`SELECT ${columns} FROM ${files}`), `${table}, seed ${seed}`).toEqual(source.rows);
    const all = job.keys().filter((key) => key.startsWith(`public-${table}/${own[0]?.version}-`));
    expect(all, `seed ${seed}`).toEqual(own.map(({ key }) => key));
    await expectDeadLetters(job, table, { prefix: '', version: own[0]?.version, what: `seed ${seed}` });
  }
});
