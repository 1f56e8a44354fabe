// Takes about 10 s.

import { idsOf } from 'c8connector-sql/testing';
import { type PostgresServer, startPostgres } from 'test-services';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PostgresSource } from '../../c8_source_postgres/index.ts';
import { createDatabase, type Login, rawConfigOf } from '../harness.ts';
import { follow } from '../log/followed.ts';
import { crash, standBy } from '../log/own-server.ts';
import { runFull, runIncrement } from '../runs.ts';

const numbers = (from: number, to: number): readonly number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);
const sorted = (ids: readonly unknown[]): readonly number[] => ids.map(Number).toSorted((one, other) => one - other);

describe('a hot standby', () => {
  let server: PostgresServer;
  let login: Login;
  let first: Awaited<ReturnType<typeof runIncrement>>;
  beforeAll(async () => {
    server = await startPostgres();
    login = await createDatabase(
      `create table t (id int primary key, at timestamptz default now(), filler text default repeat('x', 500));
       insert into t select generate_series(1, 3000); create table keyless (id int, filler text default repeat('x', 500));
       insert into keyless select generate_series(1, 3000); analyze`,
      server,
    );
    first = await runIncrement(login, 't', 'id');
    await standBy(await crash(server));
    await server.restart();
  });
  afterAll(() => server.stop());

  test('is copied whole', async () => {
    expect(sorted(idsOf((await runFull(login, 't')).rows))).toEqual(numbers(1, 3000));
  });

  test.each([
    ['of the key', 't', 'ranges'],
    ['of one moment', 't', 'snapshot'],
    ['of blocks', 'keyless', 'snapshot'],
  ])('is copied in ranges %s', async (_, table, consistency) => {
    const { rows } = await runFull(login, table, { config: { partitions: 3, consistency } });
    expect(sorted(idsOf(rows))).toEqual(numbers(1, 3000));
  });

  test.each(['id', 'at'])(
    'is read by the replication key %s, from a state of the primary if there is one',
    async (key) => {
      const state = key === 'id' ? first.state : undefined;
      const { rows } = await runIncrement(login, 't', key, { state });
      expect(sorted(idsOf(rows))).toEqual(key === 'id' ? [3000] : numbers(1, 3000));
    },
  );

  test('passes validate, and is refused for LOG_BASED with the fix', async () => {
    const source = new PostgresSource();
    expect((await source.validate(rawConfigOf(login))).ok).toBe(true);
    await expect(follow(login, { streams: ['public-t'] })).rejects.toMatchObject({
      code: 'method_unsupported',
      remedy: expect.stringContaining('Set host to the primary'),
    });
    await expect(source.validate(rawConfigOf(login, { replication_method: 'LOG_BASED' }))).rejects.toMatchObject({
      report: { ok: false },
    });
  });
});
