import { afterAll, beforeAll, expect, test } from 'vitest';
import { type MainJob, startMainJob } from './main-job.ts';

let job: MainJob;
beforeAll(async () => {
  job = await startMainJob();
  await job.query(`
    CREATE TABLE lists (id integer PRIMARY KEY, list integer[]);
    INSERT INTO lists SELECT n, ARRAY[n] FROM generate_series(1, 9) AS n;
    UPDATE lists SET list = ARRAY[[1, 2]] WHERE id IN (4, 9)`);
});
afterAll(async () => {
  await job[Symbol.asyncDispose]();
});

test('rows of PostgreSQL that Parquet cannot hold become dead letters, and are counted', async () => {
  const { code, stderr } = await job.start('sync', await job.connection('rejecting.yaml')).ended;
  expect(code, stderr).toBe(0);
  expect(stderr).toMatch(/"read":9,"written":7,"rejected":2/);
  expect(stderr).toMatch(/the column .{1,2}list.{1,2} of the row id=4 has/);
  const keys = job.s3.objects(job.bucket).map(({ key }) => key);
  const [rejected = ''] = keys.filter((key) => key.includes('/rejected/public-lists/'));
  const text = (await job.s3.read(job.bucket, rejected)).toString();
  expect(
    text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).record),
  ).toEqual([
    { id: 4, list: [[1, 2]] },
    { id: 9, list: [[1, 2]] },
  ]);
});
