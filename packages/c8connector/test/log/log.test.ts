import { describe, expect, test } from 'vitest';
import { selectAll } from '../../../c8connector-testing/src/source/recording/selected-catalog.ts';
import {
  ConnectionError,
  createStop,
  DataError,
  defineTarget,
  openMemoryStateStore,
  type Row,
  type RunRequest,
  run,
  silentLog,
  type TargetMessage,
} from '../../src/index.ts';
import { checkedEvents } from '../fixtures/checked-events.ts';
import { type LoggedDatabase, type LoggedOptions, loggedDatabase, loggedSource } from './logged-database.ts';

/** Batches wait for a second, and machines are busy. */
const soon = { timeout: 10_000 };

const deletion = (id: number): Row => ({ id, _sdc_deleted_at: '2030-01-01T00:00:00Z' });

/** A target that shows what a reader of its rows sees: the last operation of each key, of the version that counts. It stores no copy of the stream `full`. */
function shownTarget(full?: string) {
  const rows: { readonly stream: string; readonly version: number; readonly row: Row }[] = [];
  const active = new Map<string, number>();
  const messages: TargetMessage[] = [];
  const target = new (defineTarget({
    package: { name: 'c8-target-shown', version: '1.0.0' },
    name: 'Shown',
    description: 'x',
    config: {},
    accepts: () => ({ flush: { rows: 1 } }),
    async *write(input, { run: { unit } }) {
      for await (const message of input) {
        if (unit.startsWith(`${full}/`)) throw new ConnectionError('the disk is full', { code: 'server_busy' });
        messages.push(message);
        if (message.type === 'RECORDS')
          rows.push(...message.rows().map((row) => ({ stream: message.stream, version: message.version ?? 0, row })));
        if (message.type === 'ACTIVATE_VERSION') active.set(message.stream, message.version);
        if (message.type === 'FLUSH') yield message.state;
      }
    },
  }))();
  const shown = (stream: string): Readonly<Record<string, Row>> => {
    const version = active.get(stream) ?? 0;
    const byKey = new Map<string, Row>();
    const own = rows.filter((one) => one.stream === stream && one.version >= version);
    const sorted = own.toSorted((one, other) => Number(one.row._sdc_sequence) - Number(other.row._sdc_sequence));
    for (const { row } of sorted) {
      if (row._sdc_deleted_at !== null) byKey.delete(String(row.id));
      else byKey.set(String(row.id), { ...byKey.get(String(row.id)), ...row });
    }
    return Object.fromEntries(
      [...byKey].map(([key, { _sdc_deleted_at: _d, _sdc_lsn: _l, _sdc_sequence: _s, ...row }]) => [key, row]),
    );
  };
  return { target, rows, messages, shown };
}

function world(
  streams: readonly string[] = ['a', 'b'],
  { full, ...options }: LoggedOptions & { readonly full?: string } = {},
) {
  const database = loggedDatabase(streams);
  const store = openMemoryStateStore();
  const target = shownTarget(full);
  const { events, onEvent } = checkedEvents();
  const go = async (request: Partial<RunRequest> = {}, changed: LoggedOptions = {}) => {
    const source = loggedSource(database, { ...options, ...changed });
    const { stop = createStop() } = request;
    return await run({
      source,
      sourceConfig: {},
      target: target.target,
      targetConfig: {},
      catalog: selectAll(await source.discover({})),
      store,
      stop,
      log: silentLog,
      onEvent,
      ...request,
    });
  };
  return { database, store, ...target, events, go };
}

/** A catalog that selects one stream alone. */
async function only(stream: string, database: LoggedDatabase): Promise<RunRequest['catalog']> {
  const { streams } = selectAll(await loggedSource(database).discover({}));
  return { streams: streams.filter(({ tap_stream_id: id }) => id === stream) };
}

const tableOf = ({ tables }: LoggedDatabase, stream: string) =>
  Object.fromEntries([...(tables.get(stream) ?? [])].map(([id, row]) => [String(id), row]));

describe('a stream that is read from the log', () => {
  test('is copied once, with what changes meanwhile, and each later run reads what changed since', async () => {
    let isFirst = true;
    const { database, go, shown, store } = world(['a', 'b'], {
      onCopied(stream) {
        if (isFirst && stream === 'b') database.commit({ stream: 'a', row: { id: 1, name: 'changed' } });
        isFirst = isFirst && stream !== 'b';
      },
    });
    database.commit({ stream: 'a', row: { id: 1, name: 'one' } }, { stream: 'b', row: { id: 7, name: 'seven' } });
    expect(await go()).toMatchObject({ status: 'done', streams: [{ status: 'done' }, { status: 'done' }] });
    expect(shown('a')).toEqual(tableOf(database, 'a'));
    database.commit({ stream: 'b', row: { id: 8, name: 'eight' } }, { stream: 'a', row: deletion(1) });
    database.commit({ stream: 'b', row: { id: 8, name: null } });
    expect(await go()).toMatchObject({ status: 'done', streams: [{ read: 1 }, { read: 2 }] });
    expect(shown('a')).toEqual({});
    expect(shown('b')).toEqual({ 7: { id: 7, name: 'seven' }, 8: { id: 8, name: null } });
    expect((await store.load()).streams).toMatchObject({
      a: { phase: 'following', logPosition: { lsn: 40 } },
      b: { phase: 'following', logPosition: { lsn: 40 } },
    });
    expect(await go()).toMatchObject({ status: 'done', streams: [{ read: 0 }, { read: 0 }] });
  });

  test('has the columns of a log after its own, in its copy and in its changes', async () => {
    const { database, go, messages, rows } = world(['a']);
    database.commit({ stream: 'a', row: { id: 1, name: 'one' } });
    await go();
    database.commit({ stream: 'a', row: { id: 1 } }, { stream: 'a', row: deletion(1) });
    await go();
    const schemas = messages.flatMap((message) => (message.type === 'SCHEMA' ? [message.schema.properties] : []));
    for (const schema of schemas)
      expect(Object.keys(schema)).toEqual(['id', 'name', '_sdc_deleted_at', '_sdc_lsn', '_sdc_sequence']);
    const sequence = expect.any(BigInt);
    expect(rows.map(({ row }) => row)).toEqual([
      { id: 1, name: 'one', _sdc_deleted_at: null, _sdc_lsn: null, _sdc_sequence: sequence },
      { id: 1, _sdc_deleted_at: null, _sdc_lsn: 20, _sdc_sequence: sequence },
      { id: 1, _sdc_deleted_at: '2030-01-01T00:00:00Z', _sdc_lsn: 20, _sdc_sequence: sequence },
    ]);
    const numbers = rows.map(({ row }) => row._sdc_sequence as bigint);
    expect(numbers).toEqual(numbers.toSorted((one, other) => (one < other ? -1 : 1)));
  });

  test('resumes inside a commit, and no change comes twice', async () => {
    const { database, go, rows, store } = world(['a'], { pageChanges: 2 });
    await go();
    database.commit(...[1, 2, 3, 4, 5].map((id) => ({ stream: 'a', row: { id, name: 'x' } })));
    const stop = createStop();
    const read = go({ stop, until: 'forever' });
    await expect.poll(() => rows.length, soon).toBe(5);
    stop.request();
    await read;
    const [before] = [rows.length];
    expect((await store.load()).streams.a).toMatchObject({ logPosition: { lsn: 10 } });
    await go();
    expect(rows.length).toBe(before);
  });

  test('that was truncated has a new version, and its earlier rows do not count', async () => {
    const { database, go, shown, messages } = world(['a']);
    database.commit({ stream: 'a', row: { id: 1, name: 'one' } });
    await go();
    database.commit(
      { stream: 'a', row: { id: 2, name: 'two' } },
      { stream: 'a', truncated: true },
      { stream: 'a', row: { id: 3, name: 'three' } },
    );
    await go();
    expect(shown('a')).toEqual({ 3: { id: 3, name: 'three' } });
    const versions = messages.flatMap((message) => (message.type === 'ACTIVATE_VERSION' ? [message.version] : []));
    expect(new Set(versions).size).toBe(2);
  });

  test('whose columns change is described again before the rows with the new columns', async () => {
    const { database, go, messages } = world(['a']);
    await go();
    const schema = { type: 'object', properties: { id: { type: 'integer' }, email: { type: 'string' } } } as const;
    database.commit({ stream: 'a', row: { id: 1, name: 'one' } });
    database.commit({ stream: 'a', schema }, { stream: 'a', row: { id: 2, email: 'two@example.org' } });
    await go();
    const changes = messages.flatMap((message) => {
      if (message.type === 'SCHEMA') return [Object.keys(message.schema.properties).slice(0, 2)];
      return message.type === 'RECORDS' ? message.rows().map(({ id }) => id) : [];
    });
    expect(changes.slice(-4)).toEqual([['id', 'name'], 1, ['id', 'email'], 2]);
  });
});

describe('the log', () => {
  test('is confirmed no further than what is durable of every stream', async () => {
    const { database, go, store } = world(['a', 'b']);
    const check = async () => {
      const { streams } = await store.load();
      const least = Math.min(
        ...Object.values(streams).map((one) => Number('logPosition' in one && one.logPosition.lsn)),
      );
      for (const lsn of database.confirmed) expect(lsn).toBeLessThanOrEqual(least);
    };
    for (let round = 1; round < 6; round += 1) {
      await go({}, { onRead: check });
      database.commit({ stream: round % 2 === 0 ? 'a' : 'b', row: { id: round, name: 'x' } });
    }
    expect(database.confirmed.length).toBeGreaterThan(0);
  });

  test('is followed until a signal, which ends a run that has nothing else to do', async () => {
    const { database, go, shown, store } = world(['a']);
    const stop = createStop();
    const read = go({ stop, until: 'forever' });
    await expect.poll(async () => (await store.load()).streams.a, soon).toMatchObject({ phase: 'following' });
    database.commit({ stream: 'a', row: { id: 1, name: 'one' } });
    await expect.poll(() => shown('a'), soon).toEqual({ 1: { id: 1, name: 'one' } });
    stop.request();
    expect(await read).toMatchObject({ status: 'stopped' });
    expect((await store.load()).run).toBeUndefined();
  });

  test('that is followed is no longer read when an error concerns every stream', async () => {
    const { database, go, store } = world(['a', 'b'], { full: 'b' });
    await go({ catalog: await only('a', database) });
    expect(await go({ until: 'forever' })).toMatchObject({
      status: 'failed',
      streams: [
        { stream: 'a', status: 'stopped' },
        { stream: 'b', status: 'failed' },
      ],
    });
    expect((await store.load()).run).toBeDefined();
  });

  test('is read for a number of seconds, and the run succeeds', async () => {
    const { database, go, shown } = world(['a']);
    await go();
    const read = go({ until: 0.3 });
    database.commit({ stream: 'a', row: { id: 1, name: 'one' } });
    expect(await read).toMatchObject({ status: 'done' });
    expect(shown('a')).toEqual({ 1: { id: 1, name: 'one' } });
  });

  test('is restarted when a stream joins, while others follow it', async () => {
    const begun: Readonly<Record<string, unknown>>[] = [];
    const { database, go, shown, store } = world(['a', 'b'], { onLog: (positions) => begun.push(positions) });
    await go({ catalog: await only('a', database) });
    database.commit({ stream: 'b', row: { id: 1, name: 'b' } });
    const stop = createStop();
    const read = go({ stop, until: 'forever' });
    await expect.poll(async () => (await store.load()).streams.b, soon).toMatchObject({ phase: 'following' });
    database.commit({ stream: 'a', row: { id: 2, name: 'a' } }, { stream: 'b', row: { id: 3, name: 'b' } });
    await expect.poll(() => shown('b'), soon).toEqual(tableOf(database, 'b'));
    stop.request();
    await read;
    expect(shown('a')).toEqual(tableOf(database, 'a'));
    expect(begun.at(-1)).toHaveProperty('b');
  });

  test('continues without a stream that fails, and is retained for it', async () => {
    const { database, go, shown, store } = world(['a', 'b']);
    await go();
    database.commit({ stream: 'a', row: { id: 1, name: 'one' } }, { stream: 'b', row: { id: 2, name: 'two' } });
    expect(await go({}, { broken: 'a' })).toMatchObject({
      status: 'failed',
      streams: [
        { stream: 'a', status: 'failed' },
        { stream: 'b', status: 'done' },
      ],
    });
    expect(shown('b')).toEqual(tableOf(database, 'b'));
    database.commit({ stream: 'b', row: { id: 3, name: 'three' } });
    await go({}, { broken: 'a' });
    expect((await store.load()).streams).toMatchObject({
      a: { logPosition: { lsn: 0 } },
      b: { logPosition: { lsn: 20 } },
    });
    expect(database.kept).toBe(0);
    expect(await go()).toMatchObject({ status: 'done' });
    expect(shown('a')).toEqual(tableOf(database, 'a'));
    expect(shown('b')).toEqual(tableOf(database, 'b'));
  });

  test('is read to its end for the others when a stream that has just joined fails', async () => {
    const { database, go, shown } = world(['a', 'b']);
    await go({ catalog: await only('b', database) });
    database.commit({ stream: 'b', row: { id: 1, name: 'one' } });
    let isJoined = false;
    const changed: LoggedOptions = {
      broken: 'a',
      onLog(positions) {
        if ('a' in positions && !isJoined)
          database.commit({ stream: 'a', row: { id: 2, name: 'x' } }, { stream: 'b', row: { id: 3, name: 'three' } });
        isJoined ||= 'a' in positions;
      },
    };
    expect(await go({}, changed)).toMatchObject({
      status: 'failed',
      streams: [
        { stream: 'a', status: 'failed' },
        { stream: 'b', status: 'done' },
      ],
    });
    expect(shown('b')).toEqual(tableOf(database, 'b'));
  });

  test('that another run has taken over is not touched, whatever error the source fails with', async () => {
    const { database, go, store, events } = world(['a']);
    await go();
    database.commit({ stream: 'a', row: { id: 1, name: 'one' } });
    const before = (await store.load()).streams;
    const onRead = async (): Promise<void> => {
      await store.claim('log', (await store.load()).generation);
      throw new DataError('forgotten', { code: 'log_position_lost', details: { stream: 'a', isResync: true } });
    };
    expect(await go({}, { onRead })).toMatchObject({ status: 'failed' });
    expect(events.find(({ type }) => type === 'failed')).toMatchObject({ error: { code: 'claim_lost' } });
    expect((await store.load()).streams).toEqual(before);
  });

  test('that was lost is an error, or a new copy if the user chose that', async () => {
    const { database, go, shown, events } = world(['a']);
    database.commit({ stream: 'a', row: { id: 1, name: 'one' } });
    await go();
    database.commit({ stream: 'a', row: { id: 2, name: 'two' } });
    database.kept = 100;
    expect(await go()).toMatchObject({ status: 'failed' });
    expect(events.find(({ type }) => type === 'failed')).toMatchObject({ error: { code: 'log_position_lost' } });
    database.kept = 15;
    expect(await go({}, { isResync: true })).toMatchObject({ status: 'done' });
    expect(shown('a')).toEqual(tableOf(database, 'a'));
  });
});
