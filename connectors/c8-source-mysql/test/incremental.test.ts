// Takes about 15 s.

import { idsOf, keyIn } from 'c8connector-sql/testing';
import type { MySqlServer } from 'test-services';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDatabase, describeServers, execute, type Login, type ServerName } from './harness.ts';
import { loginOf, ownServer } from './log/own-server.ts';
import { runIncrement, streamIn } from './runs.ts';

/** Distinct values by type; the last one is the highest. */
const types: readonly (readonly [type: string, values: readonly string[], only?: ServerName])[] = [
  ['tinyint', ['-128', '0', '127']],
  ['int unsigned zerofill', ['5', '30', '4294967295']],
  ['bigint', ['-9223372036854775808', '9007199254740993', '9007199254740994', '9223372036854775807']],
  ['bigint unsigned', ['1', '9223372036854775807', '9223372036854775808', '18446744073709551615']],
  ['decimal(20,4)', ['-1.5', '9.9999', '10.0001', '1234567890123456.7891']],
  ['decimal(65,30)', ['0.123456789012345678901234567891', '12345678901234567890123456789012345.5']],
  ['year', ['1901', '2023', '2155']],
  ['date', ['1969-12-31', '2024-02-29', '2024-03-01']],
  ['datetime', ['1000-01-01', '1969-12-31 23:59:59', '2024-01-01']],
  ['datetime(6)', ['1969-12-31 23:59:59.5', '2024-01-01 00:00:00.999999', '2024-01-01 00:00:01']],
  ['timestamp(6) null', ['1970-01-01 00:00:01', '2024-01-01 00:00:00.000001', '2024-01-01 00:00:00.000002']],
  ['time', ['-838:59:59', '-00:00:01', '00:00', '12:34:56', '838:59:59']],
  ['time(3)', ['-00:00:00.5', '00:00:00.5', '100:00']],
  ['varchar(20) collate utf8mb4_general_ci', ['', 'apple', 'Bear', 'cat', 'éclair\\t\\\\"', 'Zebra', 'zoo']],
  ['varchar(20) collate utf8mb4_bin', ['', 'Bear', 'apple', '中', '😀']],
  ['varchar(20) collate utf8mb4_0900_ai_ci', ['a', 'a ', 'B', 'é', 'Z'], 'MySQL'],
  ['varchar(20) collate utf8mb4_unicode_ci', ['a', 'B', 'ß', 'Straße', 'Z']],
  ['varchar(20) character set latin1', ['10', '100', '9', 'Ü']],
  ['varchar(20) character set gbk', ['a', '國', '中']],
  ['char(4)', ['a', 'ab', 'b']],
  ['char(36) character set ascii', ['00000000-0000-0000-0000-000000000001', 'ffffffff-ffff-ffff-ffff-ffffffffffff']],
  ['uuid', ['10000000-0000-4000-a000-000000000001', '00000000-0000-4000-a000-000000000002'], 'MariaDB'],
  ['inet6', ['::1', '2001:db8::9', 'ff02::1'], 'MariaDB'],
];

const quoted = (value: string): string => `'${value.replaceAll("'", "''")}'`;

describeServers('increments', (server) => {
  const known = types.filter(([, , only]) => only === undefined || only === server);
  let database: Login;
  // Open and prepared transactions of other tests would hold up the bookmarks.
  let own: MySqlServer;

  afterAll(() => own.stop());

  beforeAll(async () => {
    own = await ownServer(server);
    const tables = known.flatMap(([type, values], index) => [
      `create table type_${index} (id int primary key, k ${type})`,
      `insert into type_${index} values ${values.map((value, id) => `(${id}, ${quoted(value)})`).join(', ')}, (100, null)`,
    ]);
    database = await createDatabase(loginOf(own), [
      `set time_zone = '+00:00'`,
      ...tables,
      'create table zeros (id int primary key, day date, at datetime(3) not null, stamp timestamp null)',
      `insert into zeros values (1, '0000-00-00', '0000-00-00', '0000-00-00'), (2, '2023-02-00', '2023-02-00', null), (3, '2023-05-01', '2023-05-01', '2023-05-01'), (4, null, '2023-05-02', '2023-05-02')`,
      `set sql_mode = 'ALLOW_INVALID_DATES'`,
      'create table odd_dates (id int primary key, day date, at datetime)',
      `insert into odd_dates values (1, '2023-02-28', '2023-02-28'), (2, '2023-04-31', '2023-04-31'), (3, '2023-05-00', '2023-05-00')`,
      `set sql_mode = ''`,
      // Each row is a page.
      'create table early (day date, id int, filler longtext, primary key (day, id))',
      `insert into early select day, id, repeat('x', 1100000) from (select '0000-00-00' as day union select '0000-03-00' union select '0000-03-04' union select '2024-01-01') days, (select 1 as id union select 2) ids`,
      'create table earliest (id datetime primary key, filler longtext)',
      `insert into earliest select cast(concat(day, ' 00:00:0', id) as datetime), filler from early`,
      'create table times (id int primary key, at timestamp null)',
      `insert into times values ${Array.from({ length: 10 }, (_, id) => `(${id}, '2024-01-01 00:0${id}:00')`).join(', ')}`,
      'create table `We ird.T\'able` (id int, `Col "Q``` int primary key)',
      "insert into `We ird.T'able` values (1, 1), (2, 2), (3, 3)",
      'create view seen as select id, at from times',
      'create table keyless (id int, k int)',
      'insert into keyless values (1, 1), (2, 2), (3, 2), (4, null)',
      'create table folded (id int primary key, k varchar(20) collate utf8mb4_general_ci, key (k))',
      `insert into folded values (1, 'a'), (2, 'A'), (3, 'á'), (4, 'a '), (5, 'B'), (6, 'b'), (7, 'b  '), (8, '')`,
      'create table long_keys (id int primary key, k varchar(3000))',
      `insert into long_keys values (1, concat(repeat('x', 2900), 'c')), (2, concat(repeat('x', 2900), 'a')), (3, concat(repeat('x', 2900), 'b'))`,
      'create table bytes (id binary(16) primary key, n int)',
      ...Array.from({ length: 20 }, (_, n) => `insert into bytes values (unhex(left(sha2(${n}, 256), 32)), ${n % 3})`),
      'create table paired (tenant varchar(10) collate utf8mb4_general_ci, id int, at int, filler text, primary key (tenant, id))',
      `insert into paired with recursive ns as (select 0 as n union all select n + 1 from ns where n < 299)
       select elt(1 + n % 3, 'a', 'B', 'c\\t'), n, nullif(n div 100, 0), repeat('x', 20000) from ns`,
      'create table zero_pages (id int primary key, at datetime, filler text)',
      `insert into zero_pages with recursive ns as (select 0 as n union all select n + 1 from ns where n < 299)
       select n, elt(1 + n div 100, null, '0000-00-00', concat('2024-01-01 00:00:', n % 60)), repeat('x', 20000) from ns`,
    ]);
  });

  describe('a second run returns the rows of the last key and those after it', () => {
    test.each(known.map(([type, values], index) => [type, values, index] as const))(
      'by a key of the type %s',
      async (_type, values, index) => {
        const table = `type_${index}`;
        const first = await runIncrement(database, table, 'k');
        const all = values.map((_, id) => id);
        expect(idsOf(first.rows)).toEqual([100, ...all]);
        await execute(database, `insert into ${table} select 50 + id, k from ${table} where id < 100`);
        const second = await runIncrement(database, table, 'k', first);
        const last = values.length - 1;
        expect(idsOf(second.rows)).toEqual([100, last, 50 + last]);
        expect(keyIn(second.state, streamIn(database, table))).toEqual(keyIn(first.state, streamIn(database, table)));
      },
    );

    test('also for a view, a table without a key, and names with quotes', async () => {
      const rest = async (table: string, key: string) => {
        const first = await runIncrement(database, table, key);
        return idsOf((await runIncrement(database, table, key, first)).rows);
      };
      expect(await rest('seen', 'at')).toEqual([9]);
      expect((await rest('keyless', 'k')).toSorted()).toEqual([2, 3, 4]);
      expect(await rest("We ird.T'able", 'Col "Q`')).toEqual([3]);
    });

    test('and long texts are sorted by all of their characters', async () => {
      const first = await runIncrement(database, 'long_keys', 'k');
      expect(idsOf(first.rows)).toEqual([2, 3, 1]);
      expect(idsOf((await runIncrement(database, 'long_keys', 'k', first)).rows)).toEqual([1]);
    });

    test('and a key that its collation holds for equal comes again', async () => {
      const first = await runIncrement(database, 'folded', 'k');
      expect(idsOf(first.rows)).toEqual([8, 1, 2, 3, 4, 5, 6, 7]);
      await execute(database, `insert into folded values (9, 'A'), (10, 'B ')`);
      expect(idsOf((await runIncrement(database, 'folded', 'k', first)).rows)).toEqual([5, 6, 7, 10]);
    });
  });

  test('rows whose replication key is null come in each run, and their number is logged', async () => {
    const first = await runIncrement(database, 'keyless', 'k');
    expect(first.logged).toContain(
      `stream '${streamIn(database, 'keyless')}': rows without k, which come in each read: 1`,
    );
  });

  test('a zero date is a null like any other, and a partial one comes at its place', async () => {
    for (const [key, without, rest] of [
      ['day', [1, 4], [3]],
      ['at', [1], [4]],
      ['stamp', [1, 2], [4]],
    ] as const) {
      const first = await runIncrement(database, 'zeros', key);
      expect([key, idsOf(first.rows).toSorted()]).toEqual([key, [1, 2, 3, 4]]);
      const second = await runIncrement(database, 'zeros', key, first);
      expect([key, idsOf(second.rows)]).toEqual([key, [...without, ...rest]]);
    }
  });

  test.each(['day', 'at'])('a date that no calendar has does not become the bookmark of %s', async (key) => {
    const first = await runIncrement(database, 'odd_dates', key);
    expect(idsOf(first.rows)).toEqual([1, 2, 3]);
    expect(String(keyIn(first.state, streamIn(database, 'odd_dates')))).toMatch(/^2023-02-28/);
    expect(idsOf((await runIncrement(database, 'odd_dates', key, first)).rows)).toEqual([1, 2, 3]);
  });

  test.each([
    ['paired', 'at', 'id', 300],
    ['zero_pages', 'at', 'id', 300],
    ['bytes', 'n', 'id', 20],
    ['early', 'day', 'id', 8],
    ['earliest', 'id', 'id', 8],
  ])(
    'a run of %s that resumes from any of its states returns each row once, including ties and rows without a key',
    async (table, key, id, count) => {
      const whole = await runIncrement(database, table, key);
      const keysOf = (rows: readonly Record<string, unknown>[]) => rows.map((row) => `${row.tenant} ${row[id]}`);
      expect(whole.rows).toHaveLength(count);
      const within = whole.states.filter(({ state }) => JSON.stringify(state).includes('c8_position'));
      expect(within.length).toBeGreaterThan(table === 'bytes' ? 0 : 4);
      for (const { state, rowsBefore } of within) {
        const rest = await runIncrement(database, table, key, { state });
        expect(keysOf([...whole.rows.slice(0, rowsBefore), ...rest.rows])).toEqual(keysOf(whole.rows));
      }
    },
  );

  test('start_date and lookback_seconds say where a run begins', async () => {
    const started = await runIncrement(database, 'times', 'at', {
      config: { start_date: '2024-01-01T02:07:00+02:00' },
    });
    expect(idsOf(started.rows)).toEqual([7, 8, 9]);
    const back = await runIncrement(database, 'times', 'at', {
      state: started.state,
      config: { lookback_seconds: 180 },
    });
    expect(idsOf(back.rows)).toEqual([6, 7, 8, 9]);
    const early = await runIncrement(database, 'times', 'at', { config: { start_date: '1000-01-01T00:00:00Z' } });
    expect(early.rows).toHaveLength(10);
  });

  test('the state of an older tap is resumed', async () => {
    const bookmark = {
      last_replication_method: 'INCREMENTAL',
      replication_key: 'at',
      version: 1795374615946,
      replication_key_value: '2024-01-01T00:08:00.000000Z',
    };
    const state = { bookmarks: { [streamIn(database, 'times')]: bookmark }, currently_syncing: null };
    const { rows, logged } = await runIncrement(database, 'times', 'at', { state });
    expect(idsOf(rows)).toEqual([8, 9]);
    expect(logged.filter((text) => text.includes('beginning'))).toEqual([]);
  });
});
