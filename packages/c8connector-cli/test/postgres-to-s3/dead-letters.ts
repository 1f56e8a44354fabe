import { expect } from 'vitest';
import type { MainJob } from './main-job.ts';

interface Letter {
  readonly version: number;
  readonly record: { readonly id: number };
}

/** SQL for a column `list integer[]`, which Parquet cannot hold for one of so many ids. */
export function lists(interval: number): string {
  return `CASE WHEN id % ${interval} = 7 THEN ARRAY[[id]] ELSE ARRAY[id] END`;
}

/** Expects exactly the dead letters of the table's rows with lists of lists, each once for this version, and none in the folder of the target that no manifest names. */
export async function expectDeadLetters(
  job: MainJob,
  table: string,
  { prefix, version, what }: { readonly prefix: string; readonly version: number | undefined; readonly what: string },
): Promise<void> {
  const keys = job.s3.objects(job.bucket).map(({ key }) => key);
  const own = keys.filter((key) => key.startsWith(`${prefix}_c8/`));
  const rejected = own.filter((key) => key.includes('/rejected/'));
  const manifests = await linesOf<{ readonly rejected: readonly { readonly key: string }[] }>(
    job,
    own.filter((key) => key.includes('/manifests/')),
  );
  const named = manifests.flatMap((manifest) => manifest.rejected.map(({ key }) => `${prefix}${key}`));
  expect(rejected, what).toEqual(named.toSorted());
  const letters = await linesOf<Letter>(
    job,
    rejected.filter((key) => key.includes(`/public-${table}/`)),
  );
  const ids = letters.filter((letter) => letter.version === version).map(({ record }) => record.id);
  const { rows } = await job.query(`SELECT id FROM ${table} WHERE array_ndims(list) = 2 ORDER BY id`);
  expect(rows.length).toBeGreaterThan(0);
  const order = (one: number, two: number) => one - two;
  expect(ids.toSorted(order), `dead letters of ${table}, ${what}`).toEqual(rows.map(({ id }) => id));
}

/** The lines of objects, parsed. */
async function linesOf<T>(job: MainJob, keys: readonly string[]): Promise<readonly T[]> {
  const texts = await Promise.all(keys.map((key) => job.s3.read(job.bucket, key)));
  return texts.flatMap((text) => text.toString().trimEnd().split('\n')).map((line): T => JSON.parse(line));
}
