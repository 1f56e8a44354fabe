import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { selectAll } from '../../../c8connector-testing/src/source/recording/selected-catalog.ts';
import { type ReadRequest, type Row, type SourceMessage, type State, silentLog } from '../../src/index.ts';
import { programArguments } from '../../src/program/arguments.ts';
import { savedState } from '../../src/program/files.ts';
import { type LoggedDatabase, type LoggedOptions, loggedDatabase, loggedSource } from './logged-database.ts';

/** Reads as a Singer program does, and resolves with its messages and its last state. */
async function read(
  database: LoggedDatabase,
  request: Partial<ReadRequest> = {},
  options: LoggedOptions = {},
): Promise<{ readonly messages: readonly SourceMessage[]; readonly rows: readonly Row[]; readonly state: State }> {
  const source = loggedSource(database, options);
  const messages: SourceMessage[] = [];
  const whole = {
    config: {},
    catalog: selectAll(await source.discover({})),
    exact: 'number',
    signal: new AbortController().signal,
    log: silentLog,
    ...request,
  } as const;
  for await (const message of source.read(whole)) messages.push(message);
  const last = messages.findLast((message) => message.type === 'STATE');
  const rows = messages.flatMap((message) => (message.type === 'RECORDS' ? message.rows() : []));
  return { messages, rows, state: last?.type === 'STATE' ? last.value : {} };
}

describe('a Singer program of a source with a log', () => {
  test('copies its streams, then reads the log of all of them, and resumes from its state', async () => {
    const database = loggedDatabase(['a', 'b']);
    database.commit({ stream: 'a', row: { id: 1, name: 'one' } });
    const first = await read(
      database,
      {},
      {
        onCopied: () => database.lsn() === 10 && database.commit({ stream: 'a', row: { id: 2, name: 'two' } }),
      },
    );
    expect(first.rows.map(({ id, _sdc_lsn: lsn }) => [id, lsn])).toEqual([
      [1, null],
      [2, 20],
    ]);
    expect(first.state).toMatchObject({
      bookmarks: {
        a: { last_replication_method: 'LOG_BASED', lsn: 20, version: expect.any(Number) },
        b: { last_replication_method: 'LOG_BASED', lsn: 20, version: expect.any(Number) },
      },
    });
    database.commit({ stream: 'a', row: { id: 1, _sdc_deleted_at: '2030-01-01T00:00:00Z' } });
    const second = await read(database, { state: first.state });
    expect(second.rows).toEqual([
      { id: 1, _sdc_deleted_at: '2030-01-01T00:00:00Z', _sdc_lsn: 30, _sdc_sequence: expect.any(BigInt) },
    ]);
    expect((await read(database, { state: second.state })).rows).toEqual([]);
  });

  test('numbers the rows of a later run above those of an earlier one', async () => {
    const database = loggedDatabase(['a']);
    database.commit({ stream: 'a', row: { id: 1, name: 'one' } });
    const first = await read(database);
    database.commit({ stream: 'a', row: { id: 1, name: 'two' } });
    const second = await read(database, { state: first.state });
    const [before, after] = [first.rows, second.rows].map((rows) => rows[0]?._sdc_sequence as bigint);
    expect(after).toBeGreaterThan(before ?? 0n);
  });

  test('numbers them above those of an earlier one that read many tables in a moment', async () => {
    const tables = Array.from({ length: 300 }, (_, index) => `t${index}`);
    const database = loggedDatabase(['a', ...tables]);
    const one = selectAll(await loggedSource(database).discover({}), ['t9']);
    const first = await read(
      database,
      {},
      { onLog: () => database.commit({ stream: 't9', row: { id: 1, name: 'x' } }) },
    );
    database.commit({ stream: 't9', row: { id: 1, name: 'two' } });
    const second = await read(database, { state: first.state, catalog: one });
    const [before, after] = [first.rows, second.rows].map((rows) => rows.at(-1)?._sdc_sequence as bigint);
    expect(after).toBeGreaterThan(before ?? 0n);
  });

  test('confirms nothing when durable positions are unknown', async () => {
    const database = loggedDatabase(['a']);
    const { state } = await read(database);
    database.commit({ stream: 'a', row: { id: 1, name: 'one' } });
    await read(database, { state });
    expect(database.confirmed).toEqual([]);
  });

  test('confirms the positions in its state file, but nothing that a stream missing from the file still needs', async () => {
    const database = loggedDatabase(['a', 'b']);
    const source = loggedSource(database);
    const both = selectAll(await source.discover({}));
    const onlyA = { streams: both.streams.filter(({ tap_stream_id: id }) => id === 'a') };
    database.commit({ stream: 'a', row: { id: 1, name: 'one' } });
    const { state } = await read(database, { catalog: onlyA });
    database.commit({ stream: 'a', row: { id: 2, name: 'two' } });
    const ahead: State = { bookmarks: { a: { ...state.bookmarks?.a, lsn: 20 } } };
    await read(database, { catalog: onlyA, state, durable: async () => ahead });
    expect(database.confirmed).toEqual([20]);
    // While b is copied and read, the file knows only of a.
    database.commit({ stream: 'a', row: { id: 3, name: 'three' } });
    const joined = { bookmarks: { a: { ...state.bookmarks?.a, lsn: 1000 } } };
    await read(database, { catalog: both, state: ahead, durable: async () => joined });
    expect(Math.max(...database.confirmed)).toBeLessThanOrEqual(30);
  });

  test('continues without a stream that fails, returns the state of the others, and fails at the end', async () => {
    const database = loggedDatabase(['a', 'b']);
    const { state } = await read(database);
    database.commit({ stream: 'a', row: { id: 1, name: 'one' } }, { stream: 'b', row: { id: 2, name: 'two' } });
    const messages: SourceMessage[] = [];
    const source = loggedSource(database, { broken: 'a' });
    const reading = async () => {
      const request = {
        config: {},
        catalog: selectAll(await source.discover({})),
        state,
        exact: 'number',
      } as const;
      const signal = new AbortController().signal;
      for await (const message of source.read({ ...request, signal, log: silentLog })) messages.push(message);
    };
    await expect(reading()).rejects.toMatchObject({ code: 'value_refused' });
    const last = messages.findLast((message) => message.type === 'STATE');
    expect(last).toMatchObject({ value: { bookmarks: { a: { lsn: 0 }, b: { lsn: 10 } } } });
  });

  test('follows the log for this many seconds, or until a signal', async () => {
    const database = loggedDatabase(['a']);
    const { state } = await read(database);
    setTimeout(() => database.commit({ stream: 'a', row: { id: 1, name: 'one' } }), 50);
    const followed = await read(database, { state, until: 0.3 });
    expect(followed.rows).toHaveLength(1);
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 100);
    const stopped = await read(database, { state: followed.state, until: 'forever', signal: stop.signal });
    expect(stopped.rows).toEqual([]);
  });
});

test('the state file is read again every ten seconds, and one that cannot be read confirms nothing', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'c8-state-'));
  vi.useFakeTimers({ toFake: ['performance'] });
  try {
    const path = join(folder, 'state.json');
    await writeFile(path, JSON.stringify({ bookmarks: { a: { lsn: 1 } } }));
    const saved = savedState(path, silentLog);
    expect(await saved()).toMatchObject({ bookmarks: { a: { lsn: 1 } } });
    await writeFile(path, JSON.stringify({ bookmarks: { a: { lsn: 2 } } }));
    vi.advanceTimersByTime(9000);
    expect(await saved()).toMatchObject({ bookmarks: { a: { lsn: 1 } } });
    vi.advanceTimersByTime(2000);
    expect(await saved()).toMatchObject({ bookmarks: { a: { lsn: 2 } } });
    await writeFile(path, '{ "bookmarks"');
    vi.advanceTimersByTime(11_000);
    expect(await saved()).toBeUndefined();
  } finally {
    vi.useRealTimers();
    await rm(folder, { recursive: true });
  }
});

describe('until when a program follows a log', () => {
  test.each([
    [['--until', 'now'], 'now'],
    [['--until', 'forever'], 'forever'],
    [['--follow'], 'forever'],
    [['--until', '90'], 90],
    [[], undefined],
  ])('%j', (argv, until) => {
    expect(programArguments(['--config', 'c', ...argv], 'source').until).toBe(until);
  });

  test.each([
    ['--until', 'soon'],
    ['--until', '0'],
    ['--until', '-1'],
    ['--follow', '--until', 'now'],
  ])('%s %s is refused', (...argv) => {
    expect(() => programArguments(['--config', 'c', ...argv.filter((one) => one !== undefined)], 'source')).toThrow(
      /--until|--follow/,
    );
  });

  test('is only for sources', () => {
    expect(() => programArguments(['--config', 'c', '--follow'], 'target')).toThrow(/sources/);
  });
});
