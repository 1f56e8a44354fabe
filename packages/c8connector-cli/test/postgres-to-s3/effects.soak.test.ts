// Takes about 400 s.
import { pathToFileURL } from 'node:url';
import type { StoredObject } from 'c8connector';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectDeadLetters, lists } from './dead-letters.ts';
import { type MainJob, type Started, startMainJob } from './main-job.ts';

const isSoak = process.env.C8_SOAK === '1';
const preload = { NODE_OPTIONS: `--import=${pathToFileURL(`${import.meta.dirname}/kill-at-rename.mjs`)}` };
/** What changes a bucket. */
const effects = [
  'PutObject',
  'CreateMultipartUpload',
  'UploadPart',
  'CompleteMultipartUpload',
  'AbortMultipartUpload',
  'DeleteObjects',
];
const moments = ['before', 'after'] as const;
type Moment = (typeof moments)[number];

let job: MainJob;
beforeAll(async () => {
  if (!isSoak) return;
  job = await startMainJob();
  for (const table of ['small', 'large'])
    await job.query(`CREATE TABLE ${table} (id integer PRIMARY KEY, text text, list integer[])`);
  await job.query(
    `INSERT INTO small SELECT id, repeat(md5(id::text), 320), ${lists(100)} FROM generate_series(1, 300) id`,
  );
  await job.query(
    `INSERT INTO large SELECT id, (SELECT string_agg(md5((id * 1000000 + n)::text), '') FROM generate_series(1, 94000) n), ARRAY[id] FROM generate_series(1, 3) id`,
  );
});
afterAll(async () => {
  await job?.[Symbol.asyncDispose]();
});

/** Starts a sync that is killed at its nth effect on the bucket; it lives when it has fewer. Resolves with how many it had. */
async function killAtEffect(start: () => Started, number: number, moment: Moment): Promise<number> {
  let started: Started | undefined;
  let count = 0;
  let isDead = false;
  job.s3.intercept(async ({ operation }, when) => {
    if (isDead) return 'drop';
    if (!effects.includes(operation)) return undefined;
    if (when === 'before') count += 1;
    if (count !== number || when !== moment || started === undefined) return undefined;
    isDead = true;
    started.child.kill('SIGKILL');
    await started.ended;
    return 'drop';
  });
  started = start();
  const { code, stderr } = await started.ended;
  job.s3.clearFaults();
  expect(code, stderr).toBe(isDead ? 'SIGKILL' : 0);
  return count;
}

async function objectsOf(connection: string, ...flags: string[]): Promise<readonly StoredObject[]> {
  const { stdout } = await job.start('objects', connection, '--json', ...flags).ended;
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((line): StoredObject => JSON.parse(line));
}

/** Runs to its end what was killed, then compares the rows that count, and looks for what nobody counts. */
async function expectExact(connection: string, prefix: string, what: string): Promise<void> {
  const last = await job.start('sync', connection).ended;
  expect(last.code, `${what}: ${last.stderr}`).toBe(0);
  const listed = await job.start('objects', connection, '--json').ended;
  const objects = listed.stdout
    .split('\n')
    .slice(0, -1)
    .map((line): StoredObject => JSON.parse(line));
  const isParquet = objects.some(({ key }) => key.endsWith('.parquet'));
  for (const table of ['small', 'large']) {
    const counted = objects.filter(({ stream }) => stream === `public-${table}`);
    const own = counted.map(({ key }) => key);
    if (isParquet && table === 'small')
      await expectDeadLetters(job, table, { prefix, version: counted[0]?.version, what });
    const columns = `count(*)::int AS rows, md5(string_agg(concat_ws('|', id, md5(text)), ',' ORDER BY id)) AS sum`;
    // Parquet cannot hold lists of lists.
    const stored = isParquet ? 'array_ndims(list) = 1' : 'true';
    const source = await job.query(`SELECT ${columns} FROM ${table} WHERE ${stored}`);
    expect(await job.duckdb(`SELECT ${columns} FROM ${await job.rows(own)}`), `${table}, ${what}`).toEqual(source.rows);
  }
  const keys = job.keys().filter((key) => key.startsWith(prefix));
  // A copy that a later one has taken the place of is committed as well.
  const all = await objectsOf(connection, '--all');
  expect(keys, what).toEqual(all.map(({ key }) => key).toSorted());
  expect(
    job.s3.openUploads(job.bucket).filter(({ key }) => key.startsWith(prefix)),
    what,
  ).toEqual([]);
}

describe.skipIf(!isSoak)('A sync that is killed leaves each row once, and nothing else', () => {
  describe.each(['jsonl', 'parquet'])('as %s', (format) => {
    const settings = { format, compression: 'none', flush_rows: 100, part_size: 5 };
    let trial = 0;
    const newConnection = async () => {
      trial += 1;
      const prefix = `${format}-${trial}`;
      const connection = await job.connection(`${prefix}.json`, { target: { ...settings, prefix } });
      return { connection, prefix: `${prefix}/` };
    };

    test('before and after each effect on the bucket, and again while it is recovered', {
      timeout: 1_200_000,
    }, async () => {
      const whole = await newConnection();
      const all = await killAtEffect(() => job.start('sync', whole.connection), Number.POSITIVE_INFINITY, 'before');
      await expectExact(whole.connection, whole.prefix, 'a run that nobody killed');
      expect(all).toBeGreaterThanOrEqual(20);
      for (let number = 1; number <= all; number += 1) {
        for (const moment of moments) {
          const what = `killed ${moment} effect ${number} of ${all}`;
          const { connection, prefix } = await newConnection();
          await killAtEffect(() => job.start('sync', connection), number, moment);
          await killAtEffect(() => job.start('sync', connection), 1 + (number % 4), moment);
          await expectExact(connection, prefix, what);
        }
      }
    });

    test('before and after each write of its state', { timeout: 600_000 }, async () => {
      for (let number = 1; ; number += 1) {
        let isDead = false;
        for (const moment of moments) {
          const { connection, prefix } = await newConnection();
          const environment = { ...preload, C8_KILL_AT: `${moment} ${number}` };
          const { code } = await job.startWith(environment, 'sync', connection).ended;
          isDead = code === 'SIGKILL';
          await expectExact(connection, prefix, `killed ${moment} write ${number} of the state`);
        }
        if (!isDead) {
          expect(number).toBeGreaterThan(3);
          return;
        }
      }
    });
  });
});
