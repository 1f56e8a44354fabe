import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type MainJob, readJson, startMainJob } from './main-job.ts';

const page = join(import.meta.dirname, '../../../../connectors/c8-source-postgres/GETTING_STARTED.md');

let job: MainJob;
beforeAll(async () => {
  job = await startMainJob();
});
afterAll(() => job[Symbol.asyncDispose]());

/** The statement of the page that makes the current rows, over a folder of files instead of the bucket. */
async function statementOver(folder: string): Promise<string> {
  const text = await readFile(page, 'utf8');
  const [, statement = ''] = /```sql\n(WITH files[^`]*read_parquet[^`]*)```/.exec(text) ?? [];
  expect(statement).toContain("'s3://lake/public-orders/*.parquet'");
  return statement.replace("'s3://lake/public-orders/*.parquet'", `'${folder}/*.parquet'`).replace(/;\s*$/, '');
}

/** Copies the objects of the stream to a folder, under their own names. */
async function filesOf(connection: string): Promise<string> {
  const { target } = (await readJson(connection)) as { target: { config: { bucket: string } } };
  const { bucket } = target.config;
  const folder = join(job.folder, 'files');
  await mkdir(folder, { recursive: true });
  const objects = job.s3.objects(bucket).filter(({ key }) => key.startsWith('public-orders/'));
  for (const { key } of objects) await writeFile(join(folder, basename(key)), await job.s3.read(bucket, key));
  return folder;
}

// It starts three programs one after the other, which a busy machine may take long for.
test('the statement for the current rows returns the current table after any kind of change', {
  timeout: 180_000,
}, async () => {
  await job.query(`create table orders (id int primary key, total numeric(10,2), note text);
    alter table orders alter note set storage external;
    insert into orders select id, id, repeat(id::text, 5000) from generate_series(1, 5) as id;
    insert into orders values (6, 6, 'small')`);
  const connection = await job.connection('current.json', {
    source: { replication_method: 'LOG_BASED' },
    target: { format: 'parquet' },
    streams: ['public-orders'],
  });
  const synced = async () => {
    const { code, stderr } = await job.start('sync', connection).ended;
    expect([code, stderr]).toEqual([0, expect.anything()]);
    const order = 'SELECT id, total::varchar AS total, note FROM';
    const there = await job.duckdb(`${order} (${await statementOver(await filesOf(connection))}) ORDER BY id`);
    const { rows: here } = await job.query(`${order} orders ORDER BY id`);
    expect(there).toEqual(here);
    return there.map(({ id }) => id);
  };
  expect(await synced()).toEqual([1, 2, 3, 4, 5, 6]);
  await job.query('update orders set total = 100 where id = 1');
  await job.query(`update orders set note = null where id = 2`);
  await job.query('update orders set total = 101 where id <= 2');
  await job.query('delete from orders where id in (3, 4)');
  await job.query('insert into orders (id, total) values (4, 44)');
  await job.query('update orders set id = 60 where id = 6');
  expect(await synced()).toEqual([1, 2, 4, 5, 60]);
  await job.query('truncate orders');
  await job.query(`insert into orders values (7, null, 'new')`);
  await job.query('update orders set total = 7 where id = 7');
  expect(await synced()).toEqual([7]);
});
