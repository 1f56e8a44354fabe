import { idsOf, keyIn } from 'c8connector-sql/testing';
import { beforeAll, describe, expect, test } from 'vitest';
import { connectTo, createDatabase, type Login } from './harness.ts';
import { runIncrement } from './runs.ts';

/** Distinct values by type; the last one is the highest. */
const types: readonly (readonly [type: string, values: readonly string[]])[] = [
  ['smallint', ['-32768', '0', '32767']],
  ['integer', ['-5', '30', '7000']],
  ['bigint', ['-9223372036854775808', '9007199254740993', '9007199254740994', '9223372036854775807']],
  ['numeric', ['-1e30', '0.1234567890123456789012345678901234567890', '12345678901234567890.123456789']],
  ['numeric(20,4)', ['9.9999', '10.0001', '1234567890123456.7891']],
  ['real', ['-1e38', '0.1', '16777216', '3.4e38']],
  ['double precision', ['-1e300', '0.1', '0.30000000000000004', '1e300']],
  ['date', ['1969-12-31', '2024-02-29', '2024-03-01']],
  ['timestamp', ['1969-12-31 23:59:59.5', '2024-01-01 00:00:00.999999', '2024-01-01 00:00:01']],
  ['timestamptz', ['2024-01-01 00:00:00+02', '2024-01-01 00:00:00.000001Z', '2024-01-01 00:00:00.000002Z']],
  ['time', ['00:00', '12:34:56', '12:34:56.5', '24:00:00']],
  ['text collate dictionary', ['', 'apple', 'Bear', 'cat', 'éclair\\t\\\\"', 'Zebra', 'zoo']],
  ['varchar(20)', ['10', '100', '9']],
  ['char(4)', ['a', 'ab', 'b']],
  ['name', ['a', 'b']],
  [
    'uuid',
    [
      '00000000-0000-0000-0000-000000000001',
      'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11',
      'ffffffff-ffff-ffff-ffff-ffffffffffff',
    ],
  ],
  ['mood', ['sad', 'ok', 'happy']],
  ['inet', ['10.0.0.9', '10.0.0.10', '192.168.0.1/24']],
  ['counted', ['2', '10', '300']],
  ['int4range', ['[1,5)', '[2,3)']],
  ['oid', ['1', '4294967295']],
  ['bit varying', ['0', '01', '1']],
];

let database: Login;

beforeAll(async () => {
  const tables = types.map(([type, values], index) => {
    const rows = values.map((value, id) => `(${id}, E'${value.replaceAll("'", "''")}')`).join(', ');
    return `create table type_${index} (id int primary key, k ${type});
      insert into type_${index} values ${rows}, (100, null);`;
  });
  database = await createDatabase(`
    create collation dictionary (provider = icu, locale = 'en'); create type mood as enum ('sad', 'ok', 'happy'); create domain counted as int;
    ${tables.join('\n')}
    create table endings (id int primary key, at timestamptz, x float8, n numeric);
    insert into endings values (1, '-infinity', '-Infinity', '-Infinity'), (2, '2024-01-01', 1, 1), (3, 'infinity', 'Infinity', 'Infinity'), (4, '0044-03-15 BC', 'NaN', 'NaN');
    create table times (id int primary key, at timestamptz); insert into times select id, timestamptz '2024-01-01Z' + id * interval '1 minute' from generate_series(0, 9) id;
    create table "We ird.T'able" (id int, "Col ""Q""" int primary key); insert into "We ird.T'able" select id, id from generate_series(1, 3) id;
    create view seen as select id, at from times; create table keyless (id int, k int); insert into keyless values (1, 1), (2, 2), (3, 2), (4, null);
    create table paired (tenant text collate dictionary, id int, at int, filler text, primary key (tenant, id));
    insert into paired select case id % 3 when 0 then 'a' when 1 then 'B' else E'c\\t' end, id, nullif(id / 100, 0), repeat('x', 20000) from generate_series(0, 299) id;
    create table golden (id int primary key, v text, updated_at timestamptz);
    insert into golden values (1, 'a', '2023-01-01 00:00:00.123456+00'), (2, 'b', '2023-01-02'), (3, 'n', null), (4, 'c', '2023-01-02'), (5, 'd', '2023-01-01 23:59:59')`);
});

describe('a second run returns the rows of the last key and those after it', () => {
  test.each(types.map(([type, values], index) => [type, values, index] as const))(
    'by a key of the type %s',
    async (_type, values, index) => {
      const table = `type_${index}`;
      const first = await runIncrement(database, table, 'k');
      const all = values.map((_, id) => id);
      expect(idsOf(first.rows)).toEqual([100, ...all]);
      await using client = await connectTo(database);
      await client.query(`insert into ${table} select 50 + id, k from ${table} where id < 100`);
      const second = await runIncrement(database, table, 'k', first);
      const last = values.length - 1;
      expect(idsOf(second.rows)).toEqual([100, last, 50 + last]);
      expect(keyIn(second.state, `public-${table}`)).toEqual(keyIn(first.state, `public-${table}`));
    },
  );

  test('also for a view, a table without a key, and names with quotes', async () => {
    const rest = async (table: string, key: string) => {
      const first = await runIncrement(database, table, key);
      return idsOf((await runIncrement(database, table, key, first)).rows);
    };
    expect(await rest('seen', 'at')).toEqual([9]);
    expect((await rest('keyless', 'k')).toSorted()).toEqual([2, 3, 4]);
    expect(await rest("We ird.T'able", 'Col "Q"')).toEqual([3]);
  });

  test.each(['at', 'x', 'n'])('and an infinity in %s does not become the bookmark', async (key) => {
    const first = await runIncrement(database, 'endings', key);
    expect(idsOf(first.rows).toSorted()).toEqual([1, 2, 3, 4]);
    expect(String(keyIn(first.state, 'public-endings'))).toMatch(/^(?:2024-01-01T00:00:00|1$)/);
    const second = idsOf((await runIncrement(database, 'endings', key, first)).rows);
    expect(second).toEqual(expect.arrayContaining([2, 3]));
    expect(second).not.toContain(1);
  });
});

test('rows whose replication key is null come in each run, and their number is logged', async () => {
  const first = await runIncrement(database, 'keyless', 'k');
  expect(first.logged).toContain("stream 'public-keyless': rows without k, which come in each read: 1");
});

test('a run that resumes from any of its states returns each row once, including ties and rows without a key', async () => {
  const whole = await runIncrement(database, 'paired', 'at');
  const keysOf = (rows: readonly Record<string, unknown>[]) => rows.map(({ tenant, id }) => `${tenant} ${id}`);
  expect(whole.rows).toHaveLength(300);
  const within = whole.states.filter(({ state }) => JSON.stringify(state).includes('c8_position'));
  expect(within.length).toBeGreaterThan(4);
  for (const { state, rowsBefore } of within) {
    const rest = await runIncrement(database, 'paired', 'at', { state });
    expect(keysOf([...whole.rows.slice(0, rowsBefore), ...rest.rows])).toEqual(keysOf(whole.rows));
  }
});

test('start_date and lookback_seconds say where a run begins', async () => {
  const started = await runIncrement(database, 'times', 'at', { config: { start_date: '2024-01-01T00:07:00Z' } });
  expect(idsOf(started.rows)).toEqual([7, 8, 9]);
  const back = await runIncrement(database, 'times', 'at', { state: started.state, config: { lookback_seconds: 180 } });
  expect(idsOf(back.rows)).toEqual([6, 7, 8, 9]);
});

test('the state of an older tap is resumed', async () => {
  const bookmark = {
    last_replication_method: 'INCREMENTAL',
    replication_key: 'updated_at',
    version: 1795374615946,
    replication_key_value: '2023-01-02T00:00:00+00:00',
  };
  const state = { bookmarks: { 'public-golden': bookmark }, currently_syncing: null };
  const { rows, logged } = await runIncrement(database, 'golden', 'updated_at', { state });
  expect(idsOf(rows)).toEqual([3, 2, 4]);
  expect(logged.filter((text) => text.includes('beginning'))).toEqual([]);
});
