import type { SourceMessage } from 'c8connector';
import { describe, expect, test } from 'vitest';
import { connectTo, createDatabase, type Login, recordingLog } from '../harness.ts';
import { type FollowRequest, follow } from './followed.ts';

/** Reads what these statements change in tables that were copied before; each statement is its own transaction. */
async function changesOf(
  setup: string,
  streams: readonly string[],
  statements: readonly string[],
  request: Partial<FollowRequest> = {},
) {
  const database = await createDatabase(setup);
  const { state } = await follow(database, { streams, ...request });
  await run(database, statements);
  return { database, ...(await follow(database, { streams, state, ...request })) };
}

async function run(database: Login, statements: readonly string[]): Promise<void> {
  await using client = await connectTo(database);
  await client.query('set synchronous_commit = on');
  for (const statement of statements) await client.query(statement);
}

/** Rows of a stream, without what differs from run to run: the time of a delete is `at`. */
function rowsOf(lines: readonly string[]): readonly unknown[] {
  return lines.map((line) => {
    const { _sdc_lsn: lsn, _sdc_deleted_at: at, ...row } = JSON.parse(line);
    expect(Number.isSafeInteger(lsn)).toBe(true);
    return at === null ? row : { ...row, deleted: true };
  });
}

const large = `(select string_agg(md5(i::text), '') from generate_series(1, 500) i)`;

const columnsOf = (messages: readonly SourceMessage[]) =>
  messages.flatMap((message) =>
    message.type === 'SCHEMA' ? [Object.keys(message.schema.properties).slice(0, -3)] : [],
  );

describe('the log of a table', () => {
  const toasty = `create table t (id int primary key, big text, n int); alter table t alter big set storage external; insert into t values (1, ${large}, 0)`;

  test('omits a large value that did not change', async () => {
    const { lines } = await changesOf(toasty, ['public-t'], ['update t set n = 1']);
    expect(rowsOf(lines('public-t'))).toEqual([{ id: 1, n: 1 }]);
  });

  test('has a large value that did not change under REPLICA IDENTITY FULL, even if the key changes', async () => {
    const { lines } = await changesOf(
      `${toasty}; alter table t replica identity full`,
      ['public-t'],
      ['update t set n = 1', 'update t set id = 2'],
    );
    const rows = rowsOf(lines('public-t')) as { readonly big?: string }[];
    expect(rows.map(({ big, ...row }) => ({ ...row, size: big?.length }))).toEqual([
      { id: 1, n: 1, size: 16_000 },
      { id: 1, deleted: true, size: undefined },
      { id: 2, n: 1, size: 16_000 },
    ]);
  });

  test('warns once of a row with a new key that lacks a large value', async () => {
    const log = recordingLog();
    await changesOf(toasty, ['public-t'], ['update t set id = 2', 'update t set id = 3'], { log });
    expect(log.warnings.filter((warning) => warning.includes('REPLICA IDENTITY FULL'))).toHaveLength(1);
  });

  test('has whole rows if the table has no key: an update is a delete and an insert', async () => {
    const { lines } = await changesOf(
      'create table t (a int, b text); alter table t replica identity full',
      ['public-t'],
      [`insert into t values (1, 'x')`, `update t set b = null`, 'delete from t'],
    );
    expect(rowsOf(lines('public-t'))).toEqual([
      { a: 1, b: 'x' },
      { a: 1, b: 'x', deleted: true },
      { a: 1, b: null },
      { a: 1, b: null, deleted: true },
    ]);
  });

  test('includes all partitions, rows that move between them, and a truncate', async () => {
    const { lines, messages } = await changesOf(
      `create table p (id int, r text, primary key (id, r)) partition by list (r);
       create table p_a partition of p for values in ('a'); create table p_b partition of p for values in ('b')`,
      ['public-p'],
      [`insert into p values (1, 'a')`, `update p set r = 'b'`, 'truncate p', `insert into p values (2, 'b')`],
    );
    expect(rowsOf(lines('public-p'))).toEqual([
      { id: 1, r: 'a' },
      { id: 1, r: 'a', deleted: true },
      { id: 1, r: 'b' },
      { id: 2, r: 'b' },
    ]);
    expect(messages.filter(({ type }) => type === 'ACTIVATE_VERSION')).toHaveLength(1);
  });

  test('reports each change of the columns once, and keeps rows from before it as they were', async () => {
    const many = Array.from({ length: 20 }, (_, id) => `insert into t values (${id}, 'x', ${id})`);
    const { messages, lines } = await changesOf(
      'create table t (id int primary key, a text, b int)',
      ['public-t'],
      [
        ...many,
        'alter table t drop column a',
        'insert into t values (100, 1)',
        'alter table t add column c int[] not null default array[7]',
        'insert into t values (101, 1)',
        'analyze t',
        'insert into t values (102, 1)',
      ],
    );
    expect(columnsOf(messages)).toEqual([
      ['id', 'a', 'b'],
      ['id', 'b'],
      ['id', 'b', 'c'],
    ]);
    expect(rowsOf(lines('public-t')).slice(20)).toEqual([
      { id: 100, b: 1 },
      { id: 101, b: 1, c: [7] },
      { id: 102, b: 1, c: [7] },
    ]);
  });

  test('allows null in a column that became NOT NULL later', async () => {
    const { messages, lines } = await changesOf(
      'create table t (id int primary key, a int)',
      ['public-t'],
      [
        'insert into t values (1, 1)',
        'insert into t values (2, null)',
        'delete from t where id = 2',
        'alter table t alter a set not null',
        'insert into t values (3, 3)',
      ],
    );
    expect(rowsOf(lines('public-t'))).toEqual([
      { id: 1, a: 1 },
      { id: 2, a: null },
      { id: 2, deleted: true },
      { id: 3, a: 3 },
    ]);
    const types = messages.flatMap((message) => (message.type === 'SCHEMA' ? [message.schema.properties.a?.type] : []));
    expect(types[1]).toEqual(['null', 'integer']);
  });

  test('never has a column that is deselected or that the role may not read, even one that was added later', async () => {
    const database = await createDatabase(`create table t (id int primary key, a text, hidden text);
      create role log_reader_of_columns login replication password 'x'`);
    await run(database, [
      `grant select (id, a) on t to log_reader_of_columns`,
      `create publication "c8_${database.database}" for table t with (publish_via_partition_root = true)`,
    ]);
    const reader = { ...database, user: 'log_reader_of_columns', password: 'x' };
    const streams = ['public-t'];
    const deselected = ['public-t.a'];
    const { catalog, state } = await follow(reader, { streams, deselected });
    await run(database, [
      `insert into t values (1, 'a', 'secret')`,
      'alter table t add column later text',
      `insert into t values (2, 'a', 'secret', 'secret')`,
      'alter table t drop column a',
      `insert into t values (3, 'secret', 'secret')`,
    ]);
    const { lines } = await follow(reader, { streams, catalog, state });
    expect(rowsOf(lines('public-t'))).toEqual([{ id: 1 }, { id: 2 }, { id: 3 }]);
  });

  test('keeps names with quotes and of other schemas', async () => {
    const { lines } = await changesOf(
      `create schema "o'd d"; create table "o'd d"."We ird.T'able" ("Col ""Q""" int primary key, "b,c" text)`,
      [`o'd d-We ird.T'able`],
      [`insert into "o'd d"."We ird.T'able" values (1, 'z')`],
      { config: { publication: `a "quoted" 'name'` } },
    );
    expect(rowsOf(lines(`o'd d-We ird.T'able`))).toEqual([{ 'Col "Q"': 1, 'b,c': 'z' }]);
  });

  test('in a database of SQL_ASCII is converted as a copy is', async () => {
    const server = await createDatabase();
    const name = `${server.database}_ascii`;
    await run(server, [`create database ${name} encoding 'SQL_ASCII' template template0 locale 'C'`]);
    const database = { ...server, database: name };
    await run(database, ['create table t (id int primary key, a text)']);
    const request = { streams: ['public-t'], config: { encoding: 'LATIN1' } };
    const { state } = await follow(database, request);
    await run(database, [`set client_encoding = 'SQL_ASCII'`, `insert into t values (1, E'caf\\351 "q"')`]);
    const { lines } = await follow(database, { ...request, state });
    expect(rowsOf(lines('public-t'))).toEqual([{ id: 1, a: 'café "q"' }]);
  });

  test('returns the time and the position of the commit of a delete', async () => {
    const { lines } = await changesOf(
      'create table t (id int primary key)',
      ['public-t'],
      ['insert into t values (1)', 'delete from t'],
    );
    const [inserted = '', deleted = ''] = lines('public-t');
    expect(inserted).toMatch(/^\{"id":1,"_sdc_deleted_at":null,"_sdc_lsn":\d+\}$/);
    expect(deleted).toMatch(
      /^\{"id":1,"_sdc_deleted_at":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00","_sdc_lsn":\d+\}$/,
    );
    const { _sdc_deleted_at: at } = JSON.parse(deleted);
    expect(Math.abs(Date.parse(at) - Date.now())).toBeLessThan(60_000);
  });
});
