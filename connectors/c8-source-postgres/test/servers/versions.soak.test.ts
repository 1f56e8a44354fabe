// Takes about 30 s.

import { idsOf as rowIds } from 'c8connector-sql/testing';
import { type PostgresServer, startPostgres } from 'test-services';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PostgresSource } from '../../c8_source_postgres/index.ts';
import { configOf, connectTo, createDatabase, type Login, rawConfigOf, readLines } from '../harness.ts';
import { allTypesRows, allTypesSql } from '../log/all-types.ts';
import { follow } from '../log/followed.ts';
import { idsOf, refusal, run } from '../log/losing.ts';
import { runFull, runIncrement } from '../runs.ts';
import { otherServers } from './other-servers.ts';

if (otherServers.length === 0)
  test('PostgreSQL 14 to 17 are read like 18', ({ skip }) => skip('POSTGRES_SERVERS names no other installations'));

const streams = ['public-t'];
/** The log of PostgreSQL before 18 has no generated columns. */
const withoutGenerated = (line: string): string => line.replace(/,"c_gen":\d+/, '');
/** A line of the log without its metadata columns. */
const ownPart = (line: string): string => line.replace(/,"_sdc_deleted_at":null,"_sdc_lsn":\d+\}$/, '}');
const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index + 1);

describe.each(otherServers)('PostgreSQL $version', ({ native, version }) => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres({ native, tls: true, settings: { max_slot_wal_keep_size: '64MB' } });
  });
  afterAll(() => server.stop());

  const database = (sql: string): Promise<Login> => createDatabase(sql, server);

  test('returns the same cells as PostgreSQL 18, by copy and by log', async () => {
    const [here, there] = [await database(allTypesSql), await createDatabase(allTypesSql)];
    const request = { streams: ['public-all_types'], deselected: ['public-all_types.c_gen'] };
    const { state } = await follow(here, request);
    for (const login of [here, there]) await run(login, allTypesRows);
    const { lines } = await follow(here, { ...request, state });
    const [copied, expected] = [
      await readLines(configOf(here), 'public-all_types'),
      await readLines(configOf(there), 'public-all_types'),
    ];
    expect(copied).toEqual(expected);
    expect(lines('public-all_types').map(ownPart)).toEqual(copied.map(withoutGenerated));
    expect(copied).toHaveLength(5);
  });

  test('is read by a replication key', async () => {
    const login = await database('create table t (id int primary key, at timestamptz default now())');
    await run(login, 'insert into t select generate_series(1, 3)');
    const first = await runIncrement(login, 't', 'id');
    await run(login, 'insert into t values (4)');
    const second = await runIncrement(login, 't', 'id', { state: first.state });
    expect([rowIds(first.rows), rowIds(second.rows)]).toEqual([
      [1, 2, 3],
      [3, 4],
    ]);
  });

  test.each(['ranges', 'snapshot'])('is copied in ranges, with consistency %s', async (consistency) => {
    const login = await database(
      `create table t (id int primary key, filler text default repeat('x', 500)); insert into t select generate_series(1, 3000); analyze t`,
    );
    const { rows } = await runFull(login, 't', { config: { partitions: 3, consistency } });
    expect(rowIds(rows).toSorted((one, other) => Number(one) - Number(other))).toEqual(numbers(3000));
  });

  test('is followed: inserts, updates, keys, deletes, partitions and truncates', async () => {
    const login = await database(
      `create table t (id int primary key, a text) partition by range (id);
       create table t_1 partition of t for values from (0) to (10); create table t_2 partition of t for values from (10) to (20)`,
    );
    const { state } = await follow(login, { streams });
    await run(
      login,
      `insert into t values (1, 'x'), (2, 'y')`,
      `update t set a = 'z' where id = 1`,
      'update t set id = 12 where id = 2',
      'delete from t where id = 1',
      'truncate t',
    );
    const { lines, messages } = await follow(login, { streams, state });
    const shown = lines('public-t').map((line) => {
      const { id, _sdc_deleted_at: at } = JSON.parse(line);
      return at === null ? id : -id;
    });
    expect(shown).toEqual([1, 2, 1, -2, 12, -1]);
    expect(messages.filter(({ type }) => type === 'ACTIVATE_VERSION')).toHaveLength(1);
  });

  test('has a position that is lost when the slot is gone, is advanced or is invalidated', async () => {
    const login = await database('create table t (id int primary key, a text)');
    const slot = `c8_${login.database}`;
    const { state } = await follow(login, { streams });
    await run(login, `insert into t values (1, 'x')`);
    await run(login, `select pg_replication_slot_advance('${slot}', pg_current_wal_flush_lsn())`);
    expect(await refusal(login, state)).toMatchObject({ code: 'log_position_lost' });
    const again = await follow(login, { streams });
    for (let segment = 0; segment < 8; segment += 1)
      await run(login, `insert into t values (${10 + segment}, 'x')`, 'select pg_switch_wal()');
    await run(login, 'checkpoint');
    expect(await refusal(login, again.state)).toMatchObject({ code: 'log_position_lost' });
    await run(login, `select pg_drop_replication_slot('${slot}')`);
    expect((await refusal(login, again.state)).message).toContain('the slot no longer exists');
    expect(idsOf((await follow(login, { streams })).lines('public-t'))).toHaveLength(9);
  });

  test('refuses a publication with a row filter, on versions that have them', async () => {
    if (Number.parseInt(version, 10) < 15) return;
    const login = await database(
      'create table t (id int primary key); create publication own for table t where (id > 1) with (publish_via_partition_root)',
    );
    expect((await refusal(login, {}, { publication: 'own' })).message).toContain('(id > 1)');
  });

  test('passes every step of validate, with TLS', async () => {
    const login = await database('create table t (id int primary key)');
    const config = rawConfigOf(login, {
      replication_method: 'LOG_BASED',
      ssl_mode: 'verify-full',
      ssl_root_ca_cert: server.certificates?.authority,
    });
    const { ok, steps } = await new PostgresSource().validate(config);
    expect([ok, steps.filter(({ status }) => status !== 'passed')]).toEqual([true, []]);
    await using client = await connectTo(login);
    expect((await client.query('select count(*)::int as count from pg_publication')).rows).toEqual([{ count: 0 }]);
  });
});
