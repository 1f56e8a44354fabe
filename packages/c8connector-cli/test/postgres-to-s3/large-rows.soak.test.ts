// Takes about 110 s.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type MainJob, startMainJob } from './main-job.ts';

const megabyte = `string_agg(md5((i * j)::text), '') FROM generate_series(1, 31250) AS i`;
/** By a type: the SQL of a value of 60 MB as JSON, and of the text that both databases hash. */
const kinds: Readonly<Record<string, { readonly value: string; readonly text?: string; readonly parquet?: string }>> = {
  text: { value: `(SELECT string_agg(md5(i::text), '') FROM generate_series(1, 1875000) AS i)` },
  json: {
    value: `(SELECT json_build_object('a', string_agg(md5(i::text), ''), 'b', 1.10) FROM generate_series(1, 1875000) AS i)`,
    text: 'value::text',
  },
  bytea: { value: `(SELECT decode(string_agg(md5(i::text), ''), 'hex') FROM generate_series(1, 2800000) AS i)` },
  'text[]': {
    value: `(SELECT array_agg(text) FROM (SELECT (SELECT ${megabyte}) AS text FROM generate_series(1, 60) AS j) AS texts)`,
    text: `array_to_string(value, ',')`,
  },
  'numeric of 130,000 digits': {
    value: `(repeat('7', 130000) || '.' || repeat('3', 16000))::numeric`,
    text: 'value::text',
  },
  'numeric[] of 130,000 digits': {
    value: `(SELECT array_agg((repeat('7', 130000) || '.' || i)::numeric) FROM generate_series(1001, 1460) AS i)`,
    text: `array_to_string(value, ',')`,
  },
  'integer[][]': {
    value: 'array_fill(1234567, ARRAY[1000, 7500])',
    text: `array_to_string(value, ',')`,
    parquet: `array_to_string(flatten(value)::VARCHAR[], ',')`,
  },
};
const names = Object.keys(kinds);

let job: MainJob;
let whole: { source: { config: object }; target: { config: object } };
beforeAll(async () => {
  job = await startMainJob();
  for (const [index, [name, { value }]] of Object.entries(kinds).entries()) {
    // The server knows no depth of an array of a CREATE TABLE AS.
    await job.query(`CREATE TABLE large_${index} (id integer, value ${name.replace(/ of .*/, '')})`);
    await job.query(
      `INSERT INTO large_${index} SELECT id, CASE WHEN id = 2 THEN ${value} END FROM generate_series(1, 3) AS id`,
    );
  }
  await job.query(`CREATE TABLE longer AS SELECT 7 AS id, repeat('x', 66 * 1024 * 1024) AS value`);
  whole = JSON.parse(await readFile(await job.connection('whole.json'), 'utf8'));
}, 120_000);
afterAll(() => job[Symbol.asyncDispose]());

/** What a program was like: its exit code, what it reported, and its peak of memory in MB where the system says it. */
interface Ended {
  readonly codes: readonly unknown[];
  readonly stderr: string;
  readonly peaks: readonly number[];
}

/** Runs programs as a pipe. */
async function run(...commands: readonly (readonly string[])[]): Promise<Ended> {
  let stderr = '';
  const children: ChildProcess[] = [];
  for (const [index, args] of commands.entries()) {
    const stdout = index < commands.length - 1 ? 'pipe' : 'ignore';
    const before: Readable | 'ignore' = children.at(-1)?.stdout ?? 'ignore';
    const child = spawn(process.execPath, args, { stdio: [before, stdout, 'pipe'] });
    child.stderr?.on('data', (chunk) => {
      stderr += chunk;
    });
    children.push(child);
  }
  // Here only the programs themselves may hold the ends of the pipes.
  for (const child of children) child.stdout?.destroy();
  const peaks = children.map(() => 0);
  const watch = setInterval(async () => {
    for (const [index, { pid }] of children.entries()) {
      const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
      peaks[index] = Math.max(peaks[index] ?? 0, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
    }
  }, 20);
  const codes = await Promise.all(children.map(async (child) => (await once(child, 'exit'))[0] as unknown));
  clearInterval(watch);
  return { codes, stderr, peaks };
}

const program = (path: string): string => fileURLToPath(new URL(`../../../../${path}`, import.meta.url));
const source = program('connectors/c8-source-postgres/bin/c8-source-postgres.js');
const target = program('connectors/c8-target-s3/bin/c8-target-s3.js');

/** The ways of a table into a folder of the bucket. */
const ways = {
  async sync(table: string, folder: string): Promise<Ended> {
    const changes = { target: { prefix: folder }, streams: [{ stream: `public-${table}` }] };
    const connection = await job.connection(`${table}.json`, changes);
    return await run([program('packages/c8connector-cli/bin/c8connector-cli.js'), 'sync', connection]);
  },
  async pipe(table: string, folder: string): Promise<Ended> {
    const file = async (name: string, content: unknown) => {
      const path = join(job.folder, name);
      await writeFile(path, JSON.stringify(content));
      return path;
    };
    const settings = await file('source.json', whole.source.config);
    const lake = await file('target.json', { ...whole.target.config, prefix: folder });
    const column = { type: 'object', properties: {} };
    const metadata = [{ breadcrumb: [], metadata: { selected: true } }];
    const stream = { tap_stream_id: `public-${table}`, stream: `public-${table}`, schema: column, metadata };
    const catalog = await file(`${table}.catalog.json`, { streams: [stream] });
    return await run([source, '--config', settings, '--catalog', catalog], [target, '--config', lake]);
  },
};

describe.each(['sync', 'pipe'] as const)('by a %s', (way) => {
  test.each(names.map((name, index) => [name, index] as const))(
    'a row of 60 MB of %s arrives whole, in memory of bounds',
    { timeout: 120_000 },
    async (name, index) => {
      const { text = 'value', parquet = text } = kinds[name] ?? {};
      const { codes, stderr, peaks } = await ways[way](`large_${index}`, way);
      expect(
        codes.every((code) => code === 0),
        stderr,
      ).toBe(true);
      const sql = (hashed: string) => `SELECT id::int AS id, md5(${hashed}) AS hash FROM `;
      const stored = await job.duckdb(
        `${sql(parquet)} ${await job.parquet(`${way}/public-large_${index}/`)} ORDER BY id`,
      );
      const { rows } = await job.query(`${sql(text)} large_${index} ORDER BY id`);
      expect(stored).toEqual(rows);
      // Fifteen times the row, and what a process has without any.
      expect(Math.max(...peaks)).toBeLessThan(1100);
    },
  );
});

test('a row of more than 64 MB is refused by a pipe, with its line, and stored by a sync', {
  timeout: 120_000,
}, async () => {
  const piped = await ways.pipe('longer', 'pipe');
  expect(piped.codes.at(-1)).toBe(1);
  expect(piped.stderr).toMatch(/line 2: it is longer than 64 MB/);
  const synced = await ways.sync('longer', 'sync');
  expect(synced.codes, synced.stderr).toEqual([0]);
  const stored = await job.duckdb(
    `SELECT id, length(value)::int AS length FROM ${await job.parquet('sync/public-longer/')}`,
  );
  expect(stored).toEqual([{ id: 7, length: 66 * 1024 * 1024 }]);
});
