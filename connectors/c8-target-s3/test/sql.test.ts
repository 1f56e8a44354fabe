import { readFile } from 'node:fs/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import type { TargetMessage } from 'c8connector';
import { expect, it } from 'vitest';
import { records, schemaOf } from './harness.ts';
import { openLake } from './lake.ts';

const schema = schemaOf('public-orders', { id: { type: 'integer' } }, ['id']);
const row = (id: number, version?: number) => records(schema, [`{"id":${id}}`], version);
const state = (at: number) => ({
  patches: { 'public-orders': { kind: 'range', copy: 1, range: 0, position: { at } } },
});
const checkpoint = (at: number): TargetMessage => ({ type: 'FLUSH', state: state(at), isCheckpoint: true });
const noCheckpoint = (at: number): TargetMessage => ({ type: 'FLUSH', state: state(at), isCheckpoint: false });
const activate = (version: number): TargetMessage => ({ type: 'ACTIVATE_VERSION', stream: 'public-orders', version });

/** The statements of the README for DuckDB, for a folder instead of its bucket. */
async function statements(folder: string): Promise<readonly string[]> {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  const [, sql = ''] =
    /In DuckDB,[^`]*?```sql\n(.*?)```/s.exec(readme.replaceAll('`0b0c…`', '').replaceAll('`dev`', '')) ?? [];
  return sql
    .replaceAll('s3://lake/dev/', `${folder}/`)
    .split(';\n')
    .filter((text) => text.trim() !== '');
}

async function idsByReadme(folder: string): Promise<readonly number[]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    let rows: Record<string, unknown>[] = [];
    for (const sql of await statements(folder)) rows = (await connection.runAndReadAll(sql)).getRowObjectsJson();
    return rows.map(({ id }) => Number(id));
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

it('The SQL of the README returns the committed rows in DuckDB, and no others', async () => {
  await using lake = await openLake({ format: 'parquet' });
  await lake.attempt('public-orders/copy/0').all([schema, row(1, 5), checkpoint(1), row(2, 5), checkpoint(2)]);
  expect(await idsByReadme(lake.root)).toEqual([1, 2]);
  await lake.attempt('public-orders/seal').all([schema, activate(5), checkpoint(3)]);
  const unfinished: TargetMessage[] = [schema, row(3, 6), checkpoint(4), row(4, 6), noCheckpoint(4)];
  const states = lake
    .attempt('public-orders/copy/0')
    .write(
      (async function* () {
        yield* unfinished;
        await new Promise(() => undefined);
      })(),
    )
    [Symbol.asyncIterator]();
  await states.next();
  await states.next();
  expect(await idsByReadme(lake.root)).toEqual([1, 2]);
  const next = lake.attempt('public-orders/copy/0');
  await next.all([schema, row(4, 6), checkpoint(5)]);
  await lake.attempt('public-orders/seal').all([schema, activate(6), checkpoint(6)]);
  expect(await idsByReadme(lake.root)).toEqual([3, 4]);
});
