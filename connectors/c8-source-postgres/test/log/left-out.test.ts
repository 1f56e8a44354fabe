import { type C8Error, isC8Error } from 'c8connector';
import { describe, expect, test, vi } from 'vitest';
import { PostgresSource } from '../../c8_source_postgres/index.ts';
import { createDatabase, type Login, rawConfigOf } from '../harness.ts';
import { type FollowRequest, follow } from './followed.ts';
import { idsOf, run } from './losing.ts';

const streams = ['public-t'];
const made = 'create table t (id int primary key, a text, b text)';
const viaRoot = 'with (publish_via_partition_root)';

async function refusal(login: Login, request: Partial<FollowRequest> = {}): Promise<C8Error> {
  const error: unknown = await follow(login, { streams, ...request }).catch((thrown: unknown) => thrown);
  if (!isC8Error(error)) throw new Error(`${String(error)} is not a refusal`);
  return error;
}

/** A config with its own slot that names the publication, which has the same name in each database. */
const named = ({ database }: Login) => ({ publication: 'own', replication_slot: `own_${database}` });

/** The result of the publication step of `validate`. */
async function checked(login: Login): Promise<string> {
  const config = rawConfigOf(login, { replication_method: 'LOG_BASED', ...named(login) });
  const report = await new PostgresSource().validate(config).catch((error) => error.report);
  const { status, message, remedy } = report.steps.find(({ id }: { id: string }) => id === 'publication');
  return `${status}: ${message} ${remedy ?? ''}`;
}

describe('a publication that leaves out', () => {
  test('rows is refused before the copy, with its condition and the fix', async () => {
    const login = await createDatabase(`${made}; create publication own for table t where (id > 10) ${viaRoot}`);
    const error = await refusal(login, { config: named(login) });
    expect(error).toMatchObject({ code: 'config_invalid', details: { stream: 'public-t', property: 'publication' } });
    expect(error.message).toBe(
      'The publication own leaves out the rows that do not match (id > 10) of public-t: their changes would be missed.',
    );
    expect(await checked(login)).toMatch(/^warning: .*\(id > 10\) of public-t/);
    const fix = /Run (ALTER .*; ALTER .*;) and copy/.exec(error.remedy ?? '')?.[1] ?? '';
    await run(login, ...fix.split('; '));
    const { state } = await follow(login, { streams, config: named(login) });
    await run(login, 'insert into t values (1)');
    expect(idsOf((await follow(login, { streams, state, config: named(login) })).lines('public-t'))).toEqual([1]);
    expect(await checked(login)).toMatch(/^passed: .*publishes all changes/);
  });

  test('a column is refused where the column is wanted, and read where it is deselected', async () => {
    const login = await createDatabase(`${made}; create publication own for table t (id, a) ${viaRoot}`);
    const error = await refusal(login, { config: named(login) });
    expect(error.message).toContain('leaves out the columns b of public-t');
    expect(error.remedy).toContain('deselect');
    expect(await checked(login)).toMatch(/^warning: .*the columns b of public-t/);
    const request = { streams, config: named(login), deselected: ['public-t.b'] };
    const { state } = await follow(login, request);
    await run(login, `insert into t values (1, 'x', 'y')`);
    expect(idsOf((await follow(login, { ...request, state })).lines('public-t'))).toEqual([1]);
  });

  test('generated columns is named by validate', async () => {
    const login = await createDatabase(
      `create table t (id int primary key, twice int generated always as (2 * id) stored); create publication own for table t ${viaRoot}`,
    );
    expect(await checked(login)).toMatch(/^warning: .*generated columns public-t\.twice/);
  });

  test('a kind of change is refused by validate too', async () => {
    const login = await createDatabase(
      `${made}; create publication own for table t with (publish = 'insert', publish_via_partition_root)`,
    );
    expect(await checked(login)).toMatch(/^failed: The publication own does not publish all changes/);
  });
});

describe('a publication that is changed between two reads is refused', () => {
  test.each([
    ['to leave out rows', 'alter publication own set table t where (id > 10)', /config_invalid.*\(id > 10\)/],
    [
      'to leave out updates',
      `alter publication own set (publish = 'insert')`,
      /config_invalid.*not publish all changes/,
    ],
    [
      'to leave out partitions',
      'alter publication own set (publish_via_partition_root = false)',
      /config_invalid.*names of its partitions/,
    ],
  ])('%s', async (_, statement, message) => {
    const login = await createDatabase(`${made}; create publication own for table t ${viaRoot}`);
    const { state } = await follow(login, { streams, config: named(login) });
    await run(login, statement, 'insert into t values (1)');
    const error = await refusal(login, { state, config: named(login) });
    expect(`${error.code} ${error.message}`).toMatch(message);
  });

  test.each([
    [
      'its kinds of change',
      `alter publication own set (publish = 'insert')`,
      `alter publication own set (publish = 'insert, update, delete, truncate')`,
      /the settings of the publication own were altered/,
    ],
    [
      'a condition',
      'alter publication own set table t where (id > 10)',
      'alter publication own set table t',
      /was removed from the publication own and added again/,
    ],
    [
      'a list of columns',
      'alter publication own set table t (id)',
      'alter publication own set table t',
      /was removed from the publication own and added again/,
    ],
  ])('and back: %s', async (_, change, back, message) => {
    const login = await createDatabase(
      `${made}; insert into t values (1); create publication own for table t ${viaRoot}`,
    );
    const { state } = await follow(login, { streams, config: named(login) });
    await run(login, change, 'insert into t values (2)', back);
    const error = await refusal(login, { state, config: named(login) });
    expect([error.code, error.message]).toEqual(['log_position_lost', expect.stringMatching(message)]);
  });

  test('also if a schema is dropped from it and added again', async () => {
    const login = await createDatabase(`${made}; create publication own for tables in schema public ${viaRoot}`);
    const { state } = await follow(login, { streams, config: named(login) });
    await run(
      login,
      'alter publication own drop tables in schema public',
      'insert into t values (2)',
      'alter publication own add tables in schema public',
    );
    expect((await refusal(login, { state, config: named(login) })).message).toMatch(
      /was removed from the publication own/,
    );
  });
});

test('altering the publication ends a read that follows it continuously', async () => {
  const login = await createDatabase(`${made}; create publication own for table t ${viaRoot}`);
  const { state } = await follow(login, { streams, config: named(login) });
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  try {
    const reading = refusal(login, { state, config: named(login), until: 'forever' });
    await run(login, 'alter publication own drop table t');
    let error: C8Error | undefined;
    void reading.then((refused) => {
      error = refused;
    });
    await vi.waitFor(
      async () => {
        await vi.advanceTimersByTimeAsync(10_000);
        expect(error?.code).toBe('log_position_lost');
      },
      { timeout: 20_000 },
    );
    expect(error?.message).toMatch(/publication own .*altered|no longer in the publication own/);
  } finally {
    vi.useRealTimers();
  }
});

test('a partitioned table is not followed while the log lacks the rows of a partition', async () => {
  const login = await createDatabase(
    'create table t (id int primary key) partition by range (id); create table t_1 partition of t for values from (0) to (10)',
  );
  const { state } = await follow(login, { streams });
  await run(
    login,
    'create unlogged table t_2 partition of t for values from (10) to (20)',
    'insert into t values (11)',
  );
  const error = await refusal(login, { state });
  expect(error.message).toMatch(/a partition of it is UNLOGGED/);
});

test('an update is refused if the log does not identify its row', async () => {
  const login = await createDatabase(
    'create table t (id int primary key, a text not null unique); insert into t values (1, $$x$$)',
  );
  const { state } = await follow(login, { streams });
  await run(
    login,
    'alter table t replica identity using index t_a_key',
    'update t set id = 2',
    'alter table t replica identity default',
  );
  const error = await refusal(login, { state });
  expect([error.code, error.message]).toEqual([
    'log_position_lost',
    expect.stringContaining('rows were identified by a'),
  ]);
});

test('a slot that decodes prepared transactions before their commit is refused', async () => {
  const login = await createDatabase(made);
  await run(login, `select pg_create_logical_replication_slot('own_${login.database}', 'pgoutput', false, true)`);
  expect(await refusal(login, { config: { replication_slot: `own_${login.database}` } })).toMatchObject({
    code: 'config_invalid',
    message: expect.stringContaining('two_phase'),
  });
});
