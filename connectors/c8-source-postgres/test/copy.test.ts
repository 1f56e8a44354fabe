import { beforeAll, expect, test, vi } from 'vitest';
import type { PostgresConfig } from '../c8_source_postgres/config.ts';
import { readTable } from '../c8_source_postgres/copy.ts';
import { copyText } from '../c8_source_postgres/copy-rows.ts';
import {
  configOf,
  connectionsOfSource,
  connectTo,
  contextOf,
  createDatabase,
  discoverAll,
  type Login,
  readLines,
} from './harness.ts';

let database: Login;
let config: PostgresConfig;

beforeAll(async () => {
  database = await createDatabase(`
    create table numbers as select id, 'row ' || id as text from generate_series(1, 100000) id;
    create table empty (id int);
    create table columnless (); insert into columnless default values; insert into columnless default values;
    create table large (id int, big text); insert into large select id, repeat('x' || chr(10) || '"', 2000000) from generate_series(1, 2) id;
    create view slow as select id, repeat('x', 10000) as filler, pg_sleep(case when id > 3 then 600 else 0 end)::text as slept from generate_series(1, 10) id;
    create view failing as select id, 1 / (50000 - id) as x from generate_series(1, 100000) id`);
  config = configOf(database);
});

async function streamOf(id: string) {
  const stream = (await discoverAll(config)).find((each) => each.id === id);
  if (stream === undefined) throw new Error(`there is no stream ${id}`);
  return stream;
}

async function pagesOf(id: string) {
  const stream = await streamOf(id);
  const pages: { lines: Uint8Array; count: number }[] = [];
  for await (const page of readTable(stream, contextOf(stream, config))) {
    if ('lines' in page) pages.push(page);
  }
  return pages;
}

test('reads all rows in pages of about a megabyte, each with its right row count', async () => {
  const pages = await pagesOf('public-numbers');
  const lines = pages.flatMap(({ lines }) => Buffer.from(lines).toString().trimEnd().split('\n'));
  expect(lines).toHaveLength(100_000);
  expect(lines.at(99_999)).toBe('{"id":100000,"text":"row 100000"}');
  expect(pages.map(({ count }) => count).reduce((sum, count) => sum + count)).toBe(100_000);
  for (const { lines: bytes, count } of pages) expect(Buffer.from(bytes).toString().match(/\n/g)).toHaveLength(count);
  for (const { lines: bytes } of pages.slice(0, -1)) {
    expect(bytes.length).toBeGreaterThan(1_000_000);
    expect(bytes.length).toBeLessThan(1_200_000);
  }
});

test('reads the columns that are asked for, in that order', async () => {
  expect((await readLines(config, 'public-numbers', { columns: ['text'], limit: 2 })).sort()).toEqual([
    '{"text":"row 1"}',
    '{"text":"row 2"}',
  ]);
});

test('requests no more rows than the limit', async () => {
  expect(copyText(await streamOf('public-numbers'), ['id'], { limit: 10 })).toBe(
    'copy (select "id" from "public"."numbers" limit 10) to stdout',
  );
  expect(await readLines(config, 'public-numbers', { limit: 10 })).toHaveLength(10);
});

test('an empty table has no page', async () => {
  expect(await pagesOf('public-empty')).toEqual([]);
});

test('rows without columns, and of tables of which no column is selected, are empty objects', async () => {
  expect(await readLines(config, 'public-columnless')).toEqual(['{}', '{}']);
  expect(await readLines(config, 'public-numbers', { columns: [], limit: 2 })).toEqual(['{}', '{}']);
});

test('a field of 6 MB arrives complete, in a page with only its row', async () => {
  const pages = await pagesOf('public-large');
  expect(pages.map(({ count }) => count)).toEqual([1, 1]);
  const [row] = pages.map(({ lines }) => JSON.parse(Buffer.from(lines).toString()));
  expect(row.big).toBe('x\n"'.repeat(2_000_000));
});

test('reads a table of 1600 columns', async () => {
  await using client = await connectTo(database);
  const columns = Array.from({ length: 1600 }, (_, index) => `column_${index}`);
  await client.query(
    `create table wide (${columns.map((name) => `${name} int`).join(', ')}); insert into wide (column_0, column_1599) values (1, 2), (3, 4)`,
  );
  const [first = '', second = ''] = await readLines(config, 'public-wide');
  expect(Object.keys(JSON.parse(first))).toEqual(columns);
  expect(JSON.parse(second)).toMatchObject({ column_0: 3, column_1: null, column_1599: 4 });
});

test('a consumer that stops early frees the connection at once', async () => {
  const stream = await streamOf('public-numbers');
  for await (const page of readTable(stream, contextOf(stream, config))) {
    expect('count' in page && page.count).toBeGreaterThan(0);
    break;
  }
  await vi.waitFor(async () => expect(await connectionsOfSource(database)).toBe(0), { timeout: 5000 });
});

test('emits the rows so far after a second when the server is slow', async () => {
  const stream = await streamOf('public-slow');
  const abort = new AbortController();
  const pages = readTable(stream, contextOf(stream, config, { signal: abort.signal }));
  expect(await pages.next()).toMatchObject({ done: false });
  abort.abort();
  expect(await pages.next()).toMatchObject({ done: true });
});

test('ends without an error within a second of an abort, even while the server sends nothing, and cancels the query', async () => {
  const stream = await streamOf('public-slow');
  const abort = new AbortController();
  const pages = readTable(stream, contextOf(stream, config, { signal: abort.signal }));
  const next = pages.next();
  await vi.waitFor(async () => expect(await connectionsOfSource(database)).toBe(1), { timeout: 5000 });
  const abortedAt = performance.now();
  abort.abort();
  // What had arrived before the abort may still be emitted.
  for (let result = await next; !result.done; result = await pages.next());
  expect(performance.now() - abortedAt).toBeLessThan(1000);
  await vi.waitFor(async () => expect(await connectionsOfSource(database)).toBe(0), { timeout: 8000 });
});

test('an error of the server in the middle of a read is reported, and frees the connection', async () => {
  await expect(readLines(config, 'public-failing')).rejects.toMatchObject({
    code: 'value_refused',
    message: expect.stringContaining('division by zero'),
  });
  await vi.waitFor(async () => expect(await connectionsOfSource(database)).toBe(0), { timeout: 5000 });
});

test('a slow consumer makes the server wait instead of filling the memory', async () => {
  await using client = await connectTo(database);
  await client.query(
    `create view endless as select repeat('x', 10000) as text from generate_series(1, 1000) a, generate_series(1, 1000) b`,
  );
  const stream = await streamOf('public-endless');
  const pages = readTable(stream, contextOf(stream, config));
  await pages.next();
  const before = process.memoryUsage().arrayBuffers;
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20_000_000);
  await pages.return(undefined);
});

test('reads from one snapshot, and cannot write', async () => {
  await using client = await connectTo(database);
  await client.query(`create sequence touched; create view touching as select nextval('touched') as n`);
  await expect(readLines(config, 'public-touching')).rejects.toThrow(/read-only transaction/);
});
