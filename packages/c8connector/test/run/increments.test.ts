import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  ConnectionError,
  createStop,
  defineTarget,
  neverStop,
  openMemoryStateStore,
  type Row,
  type RunRequest,
  run,
  type State,
  type StateStore,
  silentLog,
  type TargetConnector,
} from '../../src/index.ts';
import { type ChangingList, listSource } from '../fixtures/changing-list.ts';
import { checkedEvents } from '../fixtures/checked-events.ts';
import { listCatalog } from '../fixtures/read-list.ts';

const row = (id: number, at: number, other = 0): Row => ({ id, at, other });

function listOf(rows: Row[], more: Partial<ChangingList> = {}): ChangingList {
  const isNew = ({ at }: Row, since: unknown): boolean => Number(at) >= Number(since);
  return { key: { type: 'integer' }, rows, isNew, given: [], ...more };
}

/** What a target was given: the ids of each version that it has seen, and the versions that were activated. */
interface Written {
  readonly ids: Record<string, unknown[]>;
  readonly activated: number[];
}

/** A target that flushes this many rows at once; with `recovered` it commits at checkpoints, and gives that back. */
function collecting(written: Written, flushRows: number, recovered?: Map<string, State>): TargetConnector {
  return new (defineTarget({
    package: { name: 'c8-target-list', version: '1.0.0' },
    name: 'List',
    description: 'Keeps ids.',
    config: {},
    accepts: () => ({ flush: { rows: flushRows } }),
    ...(recovered === undefined ? {} : { recover: async ({ run: { unit } }) => recovered.get(unit) }),
    async *write(messages, { run: { unit } }) {
      for await (const message of messages) {
        if (message.type === 'RECORDS') {
          written.ids[`${message.version}`] ??= [];
          written.ids[`${message.version}`]?.push(...message.rows().map(({ id }) => id));
        }
        if (message.type === 'ACTIVATE_VERSION') written.activated.push(message.version);
        if (message.type !== 'FLUSH') continue;
        if (message.isCheckpoint && message.state !== undefined) recovered?.set(unit, message.state);
        yield message.state;
      }
    },
  }))();
}

interface Choice {
  readonly metadata?: object;
  readonly options?: Partial<RunRequest>;
  readonly target?: TargetConnector;
}

/** One run of a connection whose state is in `store`. */
async function sync(list: ChangingList, store: StateStore, written: Written, choice: Choice = {}) {
  const source = listSource(list);
  const { events, onEvent } = checkedEvents();
  const { metadata = {}, options = {}, target = collecting(written, 2) } = choice;
  const finished = await run({
    source,
    sourceConfig: {},
    target,
    targetConfig: {},
    catalog: await listCatalog(source, { metadata }),
    store,
    stop: neverStop(),
    log: silentLog,
    onEvent,
    ...options,
  });
  const { streams, run: open } = await store.load();
  return { finished, events, progress: streams.list, isOpen: open !== undefined };
}

const nothing = (): Written => ({ ids: {}, activated: [] });
const sinces = ({ given }: ChangingList) => given.map(({ since }) => since);

describe('a run that reads what is new', () => {
  test('keeps its version, and activates it at the end of each increment', async () => {
    const list = listOf([row(1, 5)]);
    const written = nothing();
    const store = openMemoryStateStore();
    const first = await sync(list, store, written);
    list.rows.push(row(2, 6));
    const second = await sync(list, store, written);
    expect([first.finished.status, second.finished.status]).toEqual(['done', 'done']);
    expect(second.progress).toMatchObject({ method: 'INCREMENTAL', value: 6, version: first.progress?.version });
    expect(Object.values(written.ids)).toEqual([[1, 1, 2]]);
    expect(written.activated).toEqual([first.progress?.version, first.progress?.version]);
    expect(sinces(list)).toEqual([undefined, 5]);
  });

  test('is done when nothing is new', async () => {
    const list = listOf([]);
    const store = openMemoryStateStore();
    const { finished, progress, isOpen } = await sync(list, store, nothing());
    expect([finished.status, isOpen]).toEqual(['done', false]);
    expect(progress).not.toHaveProperty('value');
  });

  test('reports a stream that was read before as resumed', async () => {
    const list = listOf([row(1, 5)]);
    const store = openMemoryStateStore();
    const actions: unknown[] = [];
    for (let index = 0; index < 2; index += 1) {
      const { events } = await sync(list, store, nothing());
      const planned = events.find((event) => event.type === 'planned');
      actions.push(...(planned?.streams.map(({ action }) => action) ?? []));
    }
    expect(actions).toEqual(['copy', 'resume']);
  });

  test.each<[string, Choice, Choice]>([
    ['with another key', { metadata: { 'replication-key': 'at' } }, { metadata: { 'replication-key': 'other' } }],
    [
      'by another method',
      { metadata: { 'replication-method': 'FULL_TABLE' } },
      { metadata: { 'replication-key': 'at' } },
    ],
    [
      'after --full-refresh',
      { metadata: { 'replication-key': 'at' } },
      { metadata: { 'replication-key': 'at' }, options: { refresh: true } },
    ],
    [
      'after --full-refresh of that stream',
      { metadata: { 'replication-key': 'at' } },
      { metadata: { 'replication-key': 'at' }, options: { refresh: ['list'] } },
    ],
  ])('starts over, as a higher version, %s', async (_name, before, after) => {
    const list = listOf([row(1, 5, 7)], { methods: ['INCREMENTAL', 'FULL_TABLE'] });
    const written = nothing();
    const store = openMemoryStateStore();
    const first = await sync(list, store, written, before);
    const second = await sync(list, store, written, after);
    expect(Number(second.progress?.version)).toBeGreaterThan(Number(first.progress?.version));
    expect(sinces(list)).toEqual([undefined, undefined]);
    expect(Object.values(written.ids)).toEqual([[1], [1]]);
    expect(written.activated).toEqual([first.progress?.version, second.progress?.version]);
  });
});

describe('an increment that fails or is stopped', () => {
  beforeEach(() => {
    vi.useFakeTimers({ shouldAdvanceTime: true, advanceTimeDelta: 500 });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** Fails once, when the third page was given. */
  function failing(isRetryable: boolean): (page: number) => void {
    let hasFailed = false;
    return (page) => {
      if (hasFailed || page < 3) return;
      hasFailed = true;
      throw new ConnectionError('the service is down', { code: 'connection_lost', isRetryable });
    };
  }

  const rows = [1, 2, 3, 4].map((id) => row(id, id));
  const targets: readonly [string, () => Map<string, State> | undefined][] = [
    ['without recover', () => undefined],
    ['with recover', () => new Map()],
  ];

  test.each(targets)(
    'resumes at its last durable key in the next attempt if it is sorted: %s',
    async (_name, recovered) => {
      const list = listOf([...rows], { isSorted: true, pageRows: 1, afterPage: failing(true) });
      const written = nothing();
      const target = collecting(written, 1, recovered());
      const { finished, events, progress } = await sync(list, openMemoryStateStore(), written, { target });
      expect(finished.status).toBe('done');
      expect(events.filter(({ type }) => type === 'retry')).toHaveLength(1);
      expect(progress).toMatchObject({ value: 4 });
      expect(sinces(list)).toEqual([undefined, 3]);
      expect(Object.values(written.ids)).toEqual([[1, 2, 3, 3, 4]]);
    },
  );

  test.each(targets)(
    'starts over when it is not sorted, since no page is progress then: %s',
    async (_name, recovered) => {
      const list = listOf([...rows].reverse(), { pageRows: 1, afterPage: failing(false) });
      const written = nothing();
      const store = openMemoryStateStore();
      const target = collecting(written, 1, recovered());
      const first = await sync(list, store, written, { target });
      expect([first.finished.status, first.isOpen]).toEqual(['failed', false]);
      expect(first.progress).not.toHaveProperty('value');
      expect(written.activated).toEqual([]);
      const second = await sync(list, store, written, { target });
      expect(second.progress).toMatchObject({ value: 4, version: first.progress?.version });
      expect(sinces(list)).toEqual([undefined, undefined]);
      expect(Object.values(written.ids)).toEqual([[4, 3, 2, 4, 3, 2, 1]]);
      expect(written.activated).toEqual([first.progress?.version]);
    },
  );

  test.each([true, false])('is resumed by the next run when a signal stopped it; sorted: %s', async (isSorted) => {
    const stop = createStop();
    const list = listOf([...rows], { isSorted, pageRows: 1, afterPage: () => stop.request() });
    const written = nothing();
    const store = openMemoryStateStore();
    const first = await sync(list, store, written, { options: { stop } });
    expect([first.finished.status, first.isOpen]).toEqual(['stopped', true]);
    const second = await sync({ ...list, afterPage: () => undefined }, store, written);
    expect([second.finished.status, second.isOpen]).toEqual(['done', false]);
    expect(second.progress).toMatchObject({ value: 4, version: first.progress?.version });
    expect(sinces(list)).toEqual([undefined, isSorted ? 1 : undefined]);
  });
});
