import { afterAll, beforeAll, expect, test } from 'vitest';
import { type MainJob, readJson, startMainJob } from './main-job.ts';

/** Change it to try other moments; a failure names it. */
const seed = Number(process.env.C8_SEED ?? 20261122);
const kills = 10;
const tables = ['a', 'b', 'c'];
const rows = 25_000;
/** Rows that may be stored before a state says so: a flush that waits, and one that is under way. */
const mostBehindState = 2 * 3000;

let job: MainJob;
beforeAll(async () => {
  job = await startMainJob();
  for (const table of tables) {
    const version = state.bookmarks[`public-${table}`]?.version;
    const columns = `count(*)::int AS rows, count(DISTINCT id)::int AS keys, md5(string_agg(concat_ws('|', id, text, number), ',' ORDER BY id)) AS sum`;
    const source = await job.query(`SELECT ${columns} FROM ${table}`);
    const objects = await job.parquet(`public-${table}/${version}-`);
    const [target] = await job.duckdb(`SELECT ${columns} FROM (SELECT DISTINCT id, text, number FROM ${objects})`);
    expect(target, `${table}, seed ${seed}`).toEqual(source.rows[0]);
    // A copy goes on where its state says. What a killed process had stored behind that comes again.
    const [{ doubled } = { doubled: 0 }] = await job.duckdb(
      `SELECT count(*)::int - count(DISTINCT id)::int AS doubled FROM ${objects}`,
    );
    expect(doubled, `${table}, seed ${seed}`).toBeLessThanOrEqual(kills * mostBehindState);
  }
});
