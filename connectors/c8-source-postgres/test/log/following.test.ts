import { randomBytes } from 'node:crypto';
import { describe, expect, test, vi } from 'vitest';
import { connectTo, createDatabase, type Login, recordingLog } from '../harness.ts';
import { setTraps } from '../traps.ts';
import { follow } from './followed.ts';
import { idsOf, run } from './losing.ts';

const streams = ['public-t'];
const made = 'create table t (id int primary key, a text)';

async function slotOf(login: Login): Promise<{ readonly confirmed: string; readonly active: boolean }> {
  await using client = await connectTo(login);
  const { rows } = await client.query(
    `select confirmed_flush_lsn::text as confirmed, active from pg_replication_slots where database = current_database()`,
  );
  return rows[0];
}

describe('a log that is followed', () => {
  test('is confirmed beyond the changes of other tables once its own are durable, so that the server can remove its WAL', async () => {
    const login = await createDatabase(`${made}; create table busy (a text)`);
    const copied = await follow(login, { streams });
    await run(login, `insert into busy select repeat('x', 1000) from generate_series(1, 1000)`);
    await using client = await connectTo(login);
    const { rows } = await client.query('select pg_current_wal_flush_lsn()::text as lsn');
    const { state } = await follow(login, { streams, state: copied.state });
    const stop = new AbortController();
    const reading = follow(login, {
      streams,
      state,
      until: 'forever',
      durable: async () => state,
      signal: stop.signal,
    });
    const isBehind = async () =>
      (
        await client.query(
          `select confirmed_flush_lsn >= $1::pg_lsn as it from pg_replication_slots where database = current_database()`,
          [rows[0].lsn],
        )
      ).rows[0].it;
    await vi.waitFor(async () => expect(await isBehind()).toBe(true), { timeout: 20_000 });
    stop.abort();
    await reading;
    expect((await slotOf(login)).active).toBe(false);
  });

  test('waits until another session releases the slot', async () => {
    const login = await createDatabase(made);
    const { state } = await follow(login, { streams });
    const holder = new AbortController();
    const holding = follow(login, { streams, state, until: 'forever', signal: holder.signal });
    await vi.waitFor(async () => expect((await slotOf(login)).active).toBe(true), { timeout: 20_000 });
    await run(login, `insert into t values (1, 'x')`);
    const waiting = follow(login, { streams, state });
    holder.abort();
    await holding;
    expect(idsOf((await waiting).lines('public-t'))).toEqual([1]);
  });

  test('is refused once another session has held the slot for long', async () => {
    const login = await createDatabase(made);
    const { state } = await follow(login, { streams });
    const holder = new AbortController();
    const holding = follow(login, { streams, state, until: 'forever', signal: holder.signal });
    await vi.waitFor(async () => expect((await slotOf(login)).active).toBe(true), { timeout: 20_000 });
    vi.useFakeTimers({ toFake: ['performance'] });
    try {
      let error: unknown;
      void follow(login, { streams, state }).catch((thrown: unknown) => {
        error = thrown;
      });
      await vi.waitFor(
        () => {
          vi.advanceTimersByTime(5000);
          expect(error).toMatchObject({ code: 'server_busy', isRetryable: true });
        },
        { timeout: 20_000, interval: 100 },
      );
    } finally {
      vi.useRealTimers();
      holder.abort();
      await holding;
    }
  });

  test('writes to the heartbeat table', async () => {
    const login = await createDatabase(`${made}; create table beats (beat timestamptz)`);
    const { state } = await follow(login, { streams });
    await using client = await connectTo(login);
    const stop = new AbortController();
    const config = { heartbeat_table: 'beats', heartbeat_seconds: 1 };
    const reading = follow(login, { streams, state, until: 'forever', signal: stop.signal, config });
    const beats = async () => (await client.query('select beat::text from beats')).rows;
    await vi.waitFor(async () => expect(await beats()).toHaveLength(1), { timeout: 20_000 });
    const [first] = await beats();
    await vi.waitFor(async () => expect(await beats()).not.toEqual([first]), { timeout: 20_000 });
    stop.abort();
    await reading;
    expect(await beats()).toHaveLength(1);
  });

  test('continues without its heartbeat, and warns', async () => {
    const login = await createDatabase(made);
    const { state } = await follow(login, { streams });
    const stop = new AbortController();
    const log = recordingLog();
    const config = { heartbeat_table: 'missing' };
    const reading = follow(login, { streams, state, until: 'forever', signal: stop.signal, config, log });
    await vi.waitFor(() => expect(log.warnings.join()).toContain('heartbeat table missing'), { timeout: 20_000 });
    stop.abort();
    await reading;
  });

  test('calls no function with which another user has shadowed one of the server', async () => {
    const login = await createDatabase(`${made}; insert into t values (1, 'x')`);
    const role = `log_trapped_${randomBytes(4).toString('hex')}`;
    await run(
      login,
      `create role ${role} login replication password 'x'; grant select on t to ${role}; create publication c8_${login.database} for table t with (publish_via_partition_root)`,
      `create role ${role}_mallory; grant create on schema public to ${role}_mallory; set role ${role}_mallory; ${setTraps}; reset role;
       alter role ${role} in database ${login.database} set search_path = public, pg_catalog`,
    );
    const reader = { ...login, user: role, password: 'x' };
    const copied = await follow(reader, { streams });
    await run(
      login,
      `insert into public.t values (2, 'x')`,
      'alter table public.t add b numeric(5, 2)',
      'insert into public.t values (3, null, 1.5)',
    );
    const { lines } = await follow(reader, { streams, state: copied.state });
    expect(idsOf([...copied.lines('public-t'), ...lines('public-t')])).toEqual([1, 2, 3]);
  });

  test('can be stopped at once in the middle of a transaction', async () => {
    const login = await createDatabase(made);
    const { state } = await follow(login, { streams });
    await run(login, `insert into t select id, repeat('x', 100) from generate_series(1, 20000) id`);
    const stop = new AbortController();
    const first = await follow(login, {
      streams,
      state,
      signal: stop.signal,
      onMessage: ({ type }) => {
        if (type === 'RECORDS') stop.abort();
      },
    });
    const rest = await follow(login, { streams, state: first.state });
    const ids = [...idsOf(first.lines('public-t')), ...idsOf(rest.lines('public-t'))];
    expect(new Set(ids).size).toBe(20_000);
    expect((await slotOf(login)).active).toBe(false);
  });
});
