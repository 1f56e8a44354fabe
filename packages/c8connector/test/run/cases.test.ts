import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test, vi } from 'vitest';
import {
  Batch,
  type Catalog,
  ConnectionError,
  type ConnectionState,
  createStop,
  defineSource,
  defineTarget,
  neverStop,
  openMemoryStateStore,
  type Page,
  type Row,
  type RunEvent,
  type RunRequest,
  run,
  type SourceConnector,
  type State,
  type StateStore,
  type Stream,
  silentLog,
  type TargetConnector,
} from '../../src/index.ts';
import { checkedEvents } from '../fixtures/checked-events.ts';

const schema = { type: 'object', properties: { id: { type: 'integer' } } } as const;
const manifest = (type: string) => ({ name: `c8-${type}-x`, version: '1.0.0' });

type Read = Parameters<typeof defineSource<Record<never, never>, Stream>>[0]['read'];

function sourceOf(streams: readonly Stream[], read: Read, onDiscover = () => {}): SourceConnector {
  return new (defineSource({
    package: manifest('source'),
    name: 'X',
    description: 'x',
    config: {},
    discover: () => {
      onDiscover();
      return streams;
    },
    read,
  }))();
}

const streamOf = (id: string): Stream => ({ id, schema, keyProperties: ['id'] });

/** Yields each state, and keeps nothing. */
const forgetful = () =>
  new (defineTarget({
    package: manifest('target'),
    name: 'X',
    description: 'x',
    config: {},
    async *write(messages) {
      for await (const message of messages) if (message.type === 'FLUSH') yield message.state;
    },
  }))();

function selectAll(catalog: Catalog): Catalog {
  const metadata = [{ breadcrumb: [], metadata: { selected: true } }];
  return { streams: catalog.streams.map((entry) => ({ ...entry, metadata: [...entry.metadata, ...metadata] })) };
}

async function runOnce(
  source: SourceConnector,
  target: TargetConnector,
  store: StateStore,
  options: Partial<RunRequest> = {},
) {
  const { events, onEvent } = checkedEvents();
  const catalog = options.catalog ?? selectAll(await source.discover({}));
  const finished = await run({
    source,
    sourceConfig: {},
    target,
    targetConfig: {},
    catalog,
    store,
    stop: neverStop(),
    log: silentLog,
    onEvent,
    ...options,
  });
  return { finished, events };
}

/** Rows and state in one commit, as a transaction has them; dies where it should. */
function transactional(flushRows: number) {
  const kept: { ids: unknown[]; state: ReadonlyMap<string, State>; flushes: number } = {
    ids: [],
    state: new Map(),
    flushes: 0,
  };
  let dies: (flush: number, state: State | undefined) => boolean = () => false;
  const target = new (defineTarget({
    package: manifest('target'),
    name: 'X',
    description: 'x',
    config: {},
    accepts: () => ({ flush: { rows: flushRows } }),
    recover: async ({ run: { unit } }) => kept.state.get(unit),
    async *write(messages, { run: { unit } }) {
      let rows: Row[] = [];
      for await (const message of messages) {
        if (message.type === 'RECORDS') rows = [...rows, ...message.rows()];
        if (message.type !== 'FLUSH') continue;
        if (message.isCheckpoint) {
          kept.ids = [...kept.ids, ...rows.map(({ id }) => id)];
          rows = [];
          if (message.state !== undefined) kept.state = new Map([...kept.state, [unit, message.state]]);
        }
        kept.flushes += 1;
        if (dies(kept.flushes, message.state)) throw new Error('killed between the commit and the yield');
        yield message.state;
      }
    },
  }))();
  return {
    kept,
    target,
    diesAt(at: typeof dies) {
      dies = at;
    },
  };
}

/** Does the work on a clock that hurries from one timer to the next. */
async function onFakeTime<T>(work: () => Promise<T>): Promise<T> {
  vi.useFakeTimers();
  try {
    let isOver = false;
    const working = work().finally(() => {
      isOver = true;
    });
    while (!isOver) await vi.advanceTimersByTimeAsync(500);
    return await working;
  } finally {
    vi.useRealTimers();
  }
}

describe('faults of earlier releases', () => {
  test('a target that commits its last FLUSH and dies before the yield does not receive the copy again', async () => {
    const reads: unknown[] = [];
    const source = sourceOf([streamOf('s')], function* (_, { bookmark }): Generator<Page> {
      reads.push(bookmark ?? 'from the beginning');
      for (let id = Number(bookmark?.id ?? 0) + 1; id <= 3; id++) yield { rows: [{ id }], bookmark: { id } };
    });
    const store = openMemoryStateStore();
    const { kept, target, diesAt } = transactional(1);
    diesAt((_, state) => JSON.stringify(state).includes('isDone'));
    await runOnce(source, target, store);
    expect(kept.ids).toEqual([1, 2, 3]);
    diesAt(() => false);
    await store.begin({ run: 'x', place: 'y' });
    const second = await runOnce(source, target, store);
    expect(second.finished.status).toBe('done');
  });

  test('--full-refresh is not undone by what a target recovers', async () => {
    const reads: unknown[] = [];
    const source = sourceOf([streamOf('s')], function* (_, { bookmark }): Generator<Page> {
      reads.push(bookmark ?? 'from the beginning');
      yield { rows: [{ id: 1 }], bookmark: { id: 1 } };
      if (reads.length === 1) throw new ConnectionError('gone', { code: 'connection_lost' });
      yield { rows: [{ id: 2 }] };
    });
    const store = openMemoryStateStore();
    const { kept, target } = transactional(1);
    await runOnce(source, target, store);
    expect(kept.state.get('s/copy/0')).toMatchObject({ patches: { s: { position: { id: 1 } } } });
    await runOnce(source, target, store, { refresh: true });
    expect(reads).toEqual(['from the beginning', 'from the beginning']);
  });

  test('with a state that a target recovers, no row of a page that was cut comes twice', async () => {
    const text = 'x'.repeat(100);
    const size = 60_000;
    const properties = { ...schema.properties, text: { type: 'string' } };
    const stream = { ...streamOf('s'), schema: { ...schema, properties } };
    const source = sourceOf([stream], function* (_, { bookmark }): Generator<Page> {
      for (let page = Number(bookmark?.page ?? 0); page < 2; page++) {
        const rows = Array.from({ length: size }, (_row, index) => ({ id: page * size + index, text }));
        yield { rows, bookmark: { page: page + 1 } };
      }
    });
    const store = openMemoryStateStore();
    const { kept, target, diesAt } = transactional(5000);
    diesAt((flush) => flush === 5);
    await runOnce(source, target, store);
    diesAt(() => false);
    const { finished } = await runOnce(source, target, store);
    expect(finished.status).toBe('done');
    expect(kept.ids).toHaveLength(2 * size);
    expect(new Set(kept.ids).size).toBe(2 * size);
  });

  test('a source that keeps its own state gets all of it back', async () => {
    const got: unknown[] = [];
    const { open: _, ...base } = sourceOf([streamOf('s')], function* () {});
    const source = Object.assign(Object.create(base), base, {
      discover: async () => ({ streams: [{ tap_stream_id: 's', stream: 's', schema, metadata: [] }] }),
      async *read({ state }: { state: State }) {
        got.push(state);
        yield { type: 'SCHEMA', stream: 's', schema, keyProperties: [] };
        yield Batch.ofRows({ stream: 's', schema, extractedAt: '', exact: 'number' }, [{ id: 1 }]);
        const bookmarks = { s: { n: 1 } };
        yield { type: 'STATE', value: { bookmarks, log_position: '0/16B3748', currently_syncing: null } };
      },
    }) as SourceConnector;
    const store = openMemoryStateStore();
    await runOnce(source, forgetful(), store);
    await runOnce(source, forgetful(), store);
    expect(got).toEqual([{}, { bookmarks: { s: { n: 1 } }, log_position: '0/16B3748', currently_syncing: null }]);
  });

  test('a run calls discover once', async () => {
    let calls = 0;
    const streams = Array.from({ length: 20 }, (_, index) => streamOf(`s${index}`));
    const source = sourceOf(
      streams,
      function* () {
        yield { rows: [{ id: 1 }] };
      },
      () => {
        calls += 1;
      },
    );
    const catalog = selectAll(await source.discover({}));
    await runOnce(source, forgetful(), openMemoryStateStore(), { catalog });
    expect(calls).toBe(2);
  });

  test('a stopped run is resumed, and the next one copies everything', async () => {
    const stop = createStop();
    const reads: string[] = [];
    const source = sourceOf(['a_table', 'z_slow'].map(streamOf), async function* ({ id }, { signal }) {
      reads.push(id);
      yield { rows: [{ id: 1 }], bookmark: { n: 1 } };
      if (id !== 'z_slow' || stop.graceful.aborted) return;
      setTimeout(() => stop.request(), 20);
      while (!signal.aborted) await sleep(5);
    });
    const store = openMemoryStateStore();
    const actions = ({ events }: { events: readonly RunEvent[] }) =>
      events.flatMap((event) => (event.type === 'planned' ? event.streams.map(({ action }) => action) : []));
    expect((await runOnce(source, forgetful(), store, { stop })).finished.status).toBe('stopped');
    const second = await runOnce(source, forgetful(), store);
    expect(actions(second)).toEqual(['skip', 'resume']);
    expect(actions(await runOnce(source, forgetful(), store))).toEqual(['copy', 'copy']);
    expect(reads).toEqual(['a_table', 'z_slow', 'z_slow', 'a_table', 'z_slow']);
  });

  test('a retryable error is retried', async () => {
    let calls = 0;
    const source = sourceOf([streamOf('s')], function* () {
      calls++;
      if (calls === 1)
        throw new ConnectionError('server is restarting', { code: 'connection_lost', isRetryable: true });
      yield { rows: [{ id: 1 }] };
    });
    const { finished, events } = await onFakeTime(() => runOnce(source, forgetful(), openMemoryStateStore()));
    expect([calls, finished.status]).toEqual([2, 'done']);
    expect(events.filter(({ type }) => type === 'retry')).toMatchObject([{ attempt: 1, streams: ['s'] }]);
  });
});

/** Rows by version, as a target that appends has them. */
function appending() {
  const rows: { readonly version: number | undefined; readonly id: unknown }[] = [];
  const active: number[] = [];
  const target = new (defineTarget({
    package: manifest('target'),
    name: 'X',
    description: 'x',
    config: {},
    accepts: () => ({ flush: { rows: 1 } }),
    async *write(messages) {
      for await (const message of messages) {
        if (message.type === 'RECORDS')
          rows.push(...message.rows().map(({ id }) => ({ version: message.version, id })));
        if (message.type === 'ACTIVATE_VERSION') active.push(message.version);
        if (message.type === 'FLUSH') yield message.state;
      }
    },
  }))();
  return { target, shown: () => rows.filter(({ version }) => version === active.at(-1)).map(({ id }) => id) };
}

describe('a copy of a stream without bookmarks', () => {
  /** Three pages, each on its own; `breaks` says in which reads it breaks behind the second. */
  const breaking = (breaks: readonly number[], isRetryable: boolean) => {
    let reads = 0;
    return sourceOf([streamOf('s')], async function* () {
      reads += 1;
      const read = reads;
      for (const id of [1, 2, 3]) {
        if (id === 3 && breaks.includes(read))
          throw new ConnectionError('gone', { code: 'connection_lost', isRetryable });
        yield { lines: Buffer.from(`{"id":${id}}\n`), count: 1 };
      }
    });
  };

  test('that was interrupted begins as a new version, so that no row of it is shown twice', async () => {
    const store = openMemoryStateStore();
    const { target, shown } = appending();
    const source = breaking([1], false);
    expect((await runOnce(source, target, store)).finished.status).toBe('failed');
    expect((await runOnce(source, target, store)).finished.status).toBe('done');
    expect(shown()).toEqual([1, 2, 3]);
  });

  test('that is retried begins as a new version as well', async () => {
    const { target, shown } = appending();
    const { finished } = await onFakeTime(() => runOnce(breaking([1, 2], true), target, openMemoryStateStore()));
    expect(finished).toMatchObject({ status: 'done', streams: [{ status: 'done' }] });
    expect(shown()).toEqual([1, 2, 3]);
  });
});

test('an attempt that only repeats its position does not count as progress', async () => {
  const stream = {
    ...streamOf('s'),
    replication: { methods: ['INCREMENTAL'], keys: ['id'], isSorted: true },
  } as const;
  let reads = 0;
  const source = sourceOf([stream], async function* () {
    reads += 1;
    yield { lines: Buffer.from('{"id":7}\n'), count: 1 };
    throw new ConnectionError('gone', { code: 'connection_lost', isRetryable: true });
  });
  const { finished } = await onFakeTime(() => runOnce(source, appending().target, openMemoryStateStore()));
  expect(finished.status).toBe('failed');
  // The first attempt got further than nothing; five did not.
  expect(reads).toBe(6);
});

test.each<[string, unknown]>([
  ['a Singer state', { bookmarks: {} }],
  ['an invalid patch', { patches: { s: null } }],
])('a target that recovers %s for a unit is a bug of its author, and no progress is lost', async (_, recovered) => {
  const source = sourceOf([streamOf('s')], function* () {
    yield { rows: [{ id: 1 }] };
  });
  const target = new (defineTarget({
    package: manifest('target'),
    name: 'X',
    description: 'x',
    config: {},
    recover: async () => recovered as State,
    async *write(messages) {
      for await (const message of messages) if (message.type === 'FLUSH') yield message.state;
    },
  }))();
  const store = openMemoryStateStore();
  const { events } = await runOnce(source, target, store);
  expect(events.find(({ type }) => type === 'failed')).toMatchObject({ error: { code: 'contract_broken' } });
  expect((await store.load()).streams.s).toMatchObject({ phase: 'copying' });
});

test('a hand-written source that never reports its copy as complete has failed', async () => {
  const honest = sourceOf([streamOf('s')], function* () {
    yield { rows: [{ id: 1 }] };
  });
  const source = Object.assign(Object.create(honest), {
    async open(request: Parameters<NonNullable<SourceConnector['open']>>[0]) {
      const session = await honest.open?.(request);
      return {
        ...session,
        async *read(unit: Parameters<NonNullable<typeof session>['read']>[0]) {
          for await (const message of session?.read(unit) ?? []) if (message.type !== 'STATE') yield message;
        },
      };
    },
  }) as SourceConnector;
  const { finished, events } = await runOnce(source, forgetful(), openMemoryStateStore());
  expect(finished.status).toBe('failed');
  expect(events.find(({ type }) => type === 'failed')).toMatchObject({ error: { code: 'contract_broken' } });
});

test('an increment resumes from the highest key', async () => {
  const since: unknown[] = [];
  const stream = {
    ...streamOf('books'),
    replication: { methods: ['INCREMENTAL'], keys: ['id'], isSorted: true },
  } as const;
  const rows = [{ id: 1 }, { id: 2 }];
  const source = sourceOf([stream], function* (_, context) {
    since.push(context.since);
    yield { rows: rows.filter(({ id }) => id >= Number(context.since ?? 0)) };
  });
  const store = openMemoryStateStore();
  const entry = (catalog: Catalog): Catalog => ({
    streams: selectAll(catalog).streams.map((one) => ({
      ...one,
      metadata: [
        ...one.metadata,
        { breadcrumb: [], metadata: { 'replication-method': 'INCREMENTAL', 'replication-key': 'id' } },
      ],
    })),
  });
  const catalog = entry(await source.discover({}));
  await runOnce(source, forgetful(), store, { catalog });
  rows.push({ id: 3 });
  await runOnce(source, forgetful(), store, { catalog });
  await runOnce(source, forgetful(), store, { catalog });
  expect(since).toEqual([undefined, 2, 3]);
  expect((await store.load()).streams.books satisfies ConnectionState['streams'][string] | undefined).toMatchObject({
    value: 3,
  });
});
