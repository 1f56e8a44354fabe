// Takes about 15 s.
import type { State } from 'c8connector';
import { type PostgresServer, startPostgres } from 'test-services';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PostgresSource } from '../../c8_source_postgres/index.ts';
import { extremeTypesSql } from '../extreme-types.ts';
import { connectTo, createDatabase, type Login, rawConfigOf } from '../harness.ts';
import { allTypesRows, allTypesSql } from '../log/all-types.ts';
import { follow } from '../log/followed.ts';
import { idsOf, refusal, run } from '../log/losing.ts';
import { withWal2json } from './wal2json-server.ts';

const native = withWal2json();
if (native === undefined)
  test('wal2json returns the same records as pgoutput', ({ skip }) =>
    skip('no package postgresql-…-wal2json is installed'));

const plugins = ['pgoutput', 'wal2json'] as const;
const configOf = (plugin: string, { database }: Login) => ({ plugin, replication_slot: `${plugin}_${database}` });

describe.runIf(native !== undefined)('a log that is written by wal2json', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres({
      native: native ?? '',
      settings: { output_plugin_libraries: 'pgoutput, test_decoding, wal2json', max_replication_slots: '50' },
    });
  });
  afterAll(() => server?.stop());

  /** The lines of streams, from each of the plugins, for what these statements change. */
  async function bothOf(login: Login, streams: readonly string[], statements: readonly string[]) {
    const states: State[] = [];
    for (const plugin of plugins)
      states.push((await follow(login, { streams, config: configOf(plugin, login) })).state);
    await run(login, ...statements);
    return await Promise.all(
      plugins.map(async (plugin, index) => {
        const state = states[index] as State;
        const { lines, messages } = await follow(login, { streams, state, config: configOf(plugin, login) });
        return {
          lines: streams.map((stream) => lines(stream)),
          others: messages.flatMap(({ type }) => (type === 'SCHEMA' || type === 'ACTIVATE_VERSION' ? [type] : [])),
        };
      }),
    );
  }

  test('has the records of pgoutput, byte by byte, for a value of each type', async () => {
    const login = await createDatabase(allTypesSql, server);
    await run(login, 'alter table all_types drop column c_gen');
    const [byPgoutput, byWal2json] = await bothOf(login, ['public-all_types'], [allTypesRows]);
    expect(byWal2json).toEqual(byPgoutput);
    expect(byPgoutput?.lines[0]).toHaveLength(5);
  });

  test('has the same records at the extremes of each type', async () => {
    // Intervals can be infinite only since 17.
    const sql = extremeTypesSql.replace(/\('-?infinity'\)::interval/g, `('1 day')::interval`);
    const login = await createDatabase(
      `${sql}; create domain bytes as bytea; create table own (id int, b bytes, n mood); insert into own values (1, '\\x00ff', 'sad')`,
      server,
    );
    await using client = await connectTo(login);
    const { rows } = await client.query(
      `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'`,
    );
    for (const { name } of rows)
      await client.query(`create table log_${name} (like ${name}); alter table log_${name} replica identity full`);
    const [byPgoutput, byWal2json] = await bothOf(
      login,
      rows.map(({ name }) => `public-log_${name}`),
      rows.map(({ name }) => `insert into log_${name} select * from ${name}`),
    );
    expect(byWal2json).toEqual(byPgoutput);
  });

  test.each([
    [
      'default',
      'create table t (id int primary key, a text, large text); alter table t alter large set storage external',
    ],
    [
      'full',
      'create table t (id int primary key, a text, large text); alter table t alter large set storage external; alter table t replica identity full',
    ],
    ['full, without a key', 'create table t (id int, a text, large text); alter table t replica identity full'],
    [
      'an index',
      'create table t (id int primary key, a text not null, large text); create unique index i on t (id); alter table t replica identity using index i',
    ],
  ])('has the same records for all kinds of changes, with the replica identity %s', async (_, sql) => {
    const login = await createDatabase(`${sql}; create table other (id int)`, server);
    const [byPgoutput, byWal2json] = await bothOf(
      login,
      ['public-t'],
      [
        `insert into t values (1, 'x', repeat('l', 5000)), (2, 'y "q" \\ ', null), (3, E'\\u0001\\n"value":1,', 'z')`,
        `update t set a = 'z' where id = 1`,
        'update t set id = 10 where id = 1',
        `begin; insert into other values (1); update t set large = 'm'; savepoint s; delete from t; rollback to s; delete from t where id = 2; commit`,
        'truncate t, other',
        `alter table t add column b int; insert into t values (4, 'a', 'b', 5); alter table t drop column large; update t set b = 6; alter table t rename a to c; delete from t`,
      ],
    );
    expect(byWal2json?.lines).toEqual(byPgoutput?.lines);
    expect(byPgoutput?.lines[0]?.length).toBeGreaterThan(8);
    expect(byWal2json?.others.filter((type) => type === 'ACTIVATE_VERSION')).toHaveLength(1);
  });

  test('resumes in the middle of a transaction, and each change comes once', async () => {
    const login = await createDatabase('create table t (id int primary key, a text)', server);
    const config = configOf('wal2json', login);
    const { state } = await follow(login, { streams: ['public-t'], config });
    await run(login, `insert into t select id, repeat('x', 1000) from generate_series(1, 5000) id`);
    const signal = new AbortController();
    const first = await follow(login, {
      ...{ streams: ['public-t'], config, state, statePerPage: true, signal: signal.signal },
      onMessage: ({ type }) => {
        if (type === 'STATE') signal.abort();
      },
    });
    const rest = await follow(login, { streams: ['public-t'], config, state: first.state });
    const ids = [...idsOf(first.lines('public-t')), ...idsOf(rest.lines('public-t'))];
    expect(first.lines('public-t').length).toBeLessThan(5000);
    expect(ids).toEqual(Array.from({ length: 5000 }, (_, index) => index + 1));
  });

  test('needs no publication, and is used if the slot has it and the config does not choose', async () => {
    const login = await createDatabase('create table t (id int primary key, a text)', server);
    const slot = configOf('wal2json', login).replication_slot;
    const { state } = await follow(login, { streams: ['public-t'], config: configOf('wal2json', login) });
    await run(login, `insert into t values (1, 'x')`);
    const config = { replication_slot: slot };
    expect(idsOf((await follow(login, { streams: ['public-t'], config, state })).lines('public-t'))).toEqual([1]);
    await using client = await connectTo(login);
    expect((await client.query('select pubname from pg_publication')).rows).toEqual([]);
    const { steps } = await new PostgresSource().validate(
      rawConfigOf(login, { replication_method: 'LOG_BASED', ...config }),
    );
    expect(steps.filter(({ status }) => status !== 'passed')).toEqual([]);
    expect(await refusal(login, state, { ...config, plugin: 'pgoutput' })).toMatchObject({ code: 'config_invalid' });
  });

  test('is refused where it would change values', async () => {
    const login = await createDatabase(
      'create table t (id int primary key) partition by range (id); create table t_1 partition of t for values from (0) to (9)',
      server,
    );
    const config = configOf('wal2json', login);
    expect((await refusal(login, {}, config)).message).toContain('under the names of its partitions');
    expect((await refusal(login, {}, { ...config, special_numbers: 'text' })).message).toContain('NaN');
    await using client = await connectTo(login);
    const latin = `${login.database}_latin`;
    await client.query(`create database ${latin} encoding 'LATIN1' locale 'C' template template0`);
    await run({ ...login, database: latin }, 'create table t (id int primary key)');
    expect((await refusal({ ...login, database: latin }, {}, { plugin: 'wal2json' })).message).toContain('LATIN1');
  });

  test('is refused with the fix by a server that does not allow it or does not have it', async () => {
    const login = await createDatabase('create table t (id int primary key)', server);
    await run(login, `alter system set output_plugin_libraries = 'pgoutput'`, 'select pg_reload_conf()');
    const config = configOf('wal2json', login);
    expect(await refusal(login, {}, config)).toMatchObject({
      code: 'method_unsupported',
      remedy: expect.stringContaining('ALTER SYSTEM SET output_plugin_libraries'),
    });
    await run(login, 'alter system reset output_plugin_libraries', 'select pg_reload_conf()');
    const other = await createDatabase('create table t (id int primary key)');
    expect(await refusal(other, {}, { plugin: 'wal2json' })).toMatchObject({
      code: 'method_unsupported',
      remedy: expect.stringMatching(/Install it|output_plugin_libraries/),
    });
  });
});
