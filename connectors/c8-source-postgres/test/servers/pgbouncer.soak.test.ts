// Takes about 10 s.
import { existsSync } from 'node:fs';
import { idsOf } from 'c8connector-sql/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PostgresSource } from '../../c8_source_postgres/index.ts';
import { connectTo, createDatabase, type Login, rawConfigOf } from '../harness.ts';
import { follow } from '../log/followed.ts';
import { runFull, runIncrement } from '../runs.ts';
import { type Pooler, pgbouncer, startPgBouncer } from './pgbouncer.ts';

const isThere = existsSync(pgbouncer);
if (!isThere) test('PgBouncer passes on what is read', ({ skip }) => skip('the package pgbouncer is not installed'));

const numbers = Array.from({ length: 3000 }, (_, index) => index + 1);
const sorted = (ids: readonly unknown[]): readonly number[] => ids.map(Number).toSorted((one, other) => one - other);

describe.runIf(isThere).each(['session', 'transaction'] as const)('PgBouncer in the mode %s', (mode) => {
  let pooler: Pooler;
  let login: Login;
  beforeAll(async () => {
    const database = await createDatabase(
      `create table t (id int primary key, at timestamptz default now(), filler text default repeat('x', 500)); insert into t select generate_series(1, 3000); analyze`,
    );
    pooler = await startPgBouncer(database, mode);
    login = pooler.login;
  });
  afterAll(() => pooler?.[Symbol.asyncDispose]());

  test.each([
    ['whole', {}],
    ['in ranges', { partitions: 3 }],
    ['in ranges of one moment', { partitions: 3, consistency: 'snapshot' }],
  ])('lets a table be copied %s', async (_, config) => {
    expect(sorted(idsOf((await runFull(login, 't', { config })).rows))).toEqual(numbers);
  });

  test('lets a table be read by a replication key, and the config be validated', async () => {
    const { state } = await runIncrement(login, 't', 'at');
    expect((await runIncrement(login, 't', 'id', { state })).rows.length).toBeGreaterThan(0);
    expect((await new PostgresSource().validate(rawConfigOf(login))).ok).toBe(true);
  });

  test('is refused for LOG_BASED with the fix, before anything is created', async () => {
    await expect(follow(login, { streams: ['public-t'] })).rejects.toMatchObject({
      code: 'method_unsupported',
      remedy: expect.stringContaining('the server itself'),
    });
    await using client = await connectTo(login);
    const { rows } = await client.query(
      `select count(*)::int as slots from pg_replication_slots where database = current_database()`,
    );
    expect(rows).toEqual([{ slots: 0 }]);
  });
});
