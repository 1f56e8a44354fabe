import { describe, expect, test, vi } from 'vitest';
import { selectAll } from '../../../c8connector-testing/src/source/recording/selected-catalog.ts';
import {
  type Bookmark,
  defineSource,
  defineTarget,
  neverStop,
  openMemoryStateStore,
  type Page,
  type RunEvent,
  type RunRequest,
  run,
  type State,
  type Stream,
  silentLog,
  type WriteRequest,
} from '../../src/index.ts';

const manifest = (type: string) => ({ name: `c8-${type}-x`, version: '1.0.0' });
const tableOf = (id: string): Stream => ({
  id,
  schema: { type: 'object', properties: { id: { type: 'integer' } } },
  keyProperties: ['id'],
});
const sortedById = (id: string): Stream => ({
  ...tableOf(id),
  replication: { methods: ['INCREMENTAL'], keys: ['id'], isSorted: true },
});

/** A page that shares its batch with no other. */
function page(ids: readonly number[], bookmark?: Bookmark): Page {
  const lines = Buffer.from(ids.map((id) => `{"id":${id}}\n`).join(''));
  return { lines, count: ids.length, ...(bookmark === undefined ? {} : { bookmark }) };
}

type Definition = Parameters<typeof defineSource<Record<never, never>, Stream>>[0];

function sourceOf(streams: readonly Stream[], members: Pick<Definition, 'read'> & Partial<Definition>) {
  const base = { package: manifest('source'), name: 'X', description: 'x', config: {}, discover: () => streams };
  return new (defineSource<Record<never, never>, Stream>({ ...base, ...members }))();
}

/** What a target was given. */
interface Given {
  readonly rows: string[];
  readonly versions: number[];
  /** How many rows came before each FLUSH, and whether it was a checkpoint. */
  readonly flushes: [rows: number, isCheckpoint: boolean][];
}

const nothing = (): Given => ({ rows: [], versions: [], flushes: [] });

interface TargetOptions {
  readonly flushRows?: number;
  readonly recover?: (request: Pick<WriteRequest, 'run'>) => Promise<State | undefined>;
}

function targetOf(given: Given, { flushRows = 1, recover }: TargetOptions = {}) {
  return new (defineTarget({
    package: manifest('target'),
    name: 'X',
    description: 'x',
    config: {},
    accepts: () => ({ flush: { rows: flushRows } }),
    ...(recover === undefined ? {} : { recover }),
    async *write(messages) {
      let rows = 0;
      for await (const message of messages) {
        if (message.type === 'RECORDS') {
          rows += message.count;
          given.versions.push(message.version ?? 0);
          given.rows.push(...message.rows().map(({ id }) => `${message.stream} ${id}`));
        }
        if (message.type !== 'FLUSH') continue;
        given.flushes.push([rows, message.isCheckpoint]);
        rows = 0;
        yield message.state;
      }
    },
  }))();
}

/** One run, with its events. */
async function sync(request: Pick<RunRequest, 'source' | 'target' | 'store'> & Partial<Pick<RunRequest, 'onEvent'>>) {
  const events: RunEvent[] = [];
  const finished = await run({
    sourceConfig: {},
    targetConfig: {},
    catalog: selectAll(await request.source.discover({})),
    stop: neverStop(),
    log: silentLog,
    ...request,
    onEvent(event) {
      events.push(event);
      request.onEvent?.(event);
    },
  });
  const failed = events.flatMap((event) => (event.type === 'failed' ? [event.error.code] : []));
  return { status: finished.status, failed, retries: events.filter(({ type }) => type === 'retry').length };
}

describe('the bookmark of an incremental stream', () => {
  test.each<[string, Partial<Definition>]>([
    ['rows with a lower key come', {}],
    ['the rows with the highest keys are deleted', { highest: () => 4 }],
  ])('never goes down when %s', async (_, later) => {
    const stream = sortedById('orders');
    const sinces: unknown[] = [];
    const reading = (ids: readonly number[], members: Partial<Definition> = {}) =>
      sourceOf([stream], {
        *read(_stream, { since }) {
          sinces.push(since);
          yield page(ids);
        },
        ...members,
      });
    const store = openMemoryStateStore();
    const target = targetOf(nothing());
    await sync({ source: reading([1, 9]), target, store });
    await sync({ source: reading([3, 4], later), target, store });
    await sync({ source: reading([]), target, store });
    expect(sinces).toEqual([undefined, 9, 9]);
  });
});

describe('a FLUSH in the middle of a page', () => {
  /** Each page is more than the target takes at once, and has its bookmark behind a second batch. */
  const source = () =>
    sourceOf([tableOf('orders')], {
      *read() {
        for (const first of [0, 10, 20]) {
          yield page([first, first + 1, first + 2, first + 3, first + 4]);
          yield page([first + 5], { after: first + 5 });
        }
      },
    });

  test('makes the next STATE a checkpoint at once, for a target that commits at checkpoints', async () => {
    const given = nothing();
    const target = targetOf(given, { flushRows: 5, recover: async () => undefined });
    await sync({ source: source(), target, store: openMemoryStateStore() });
    const ofCopy = given.flushes.slice(0, 6);
    expect(ofCopy).toEqual([
      [5, false],
      [1, true],
      [5, false],
      [1, true],
      [5, false],
      [1, true],
    ]);
  });

  test('makes no small FLUSH for any other target', async () => {
    const given = nothing();
    await sync({ source: source(), target: targetOf(given, { flushRows: 5 }), store: openMemoryStateStore() });
    expect(given.flushes.slice(0, 4)).toEqual([
      [5, false],
      [6, false],
      [6, false],
      [1, true],
    ]);
  });
});

/** A table in two parts, of which each has two pages; `between` is called between them. */
function partedSource(between: (from: unknown) => Promise<void> = async () => undefined) {
  return sourceOf([tableOf('orders')], {
    partitions: () => [
      { from: null, to: 10 },
      { from: 10, to: null },
    ],
    async *read(_, { partition, bookmark }) {
      const from = Number(partition?.from ?? 0);
      if (bookmark === undefined) yield page([from], { after: from });
      await between(partition?.from);
      yield page([from + 1], { after: from + 1 });
    },
  });
}

test('a copy does not count as sealed before all ranges are, even if the target reports that after one', async () => {
  const given = nothing();
  const target = targetOf(given, {
    async recover({ run: { id, unit } }) {
      const [copy = 0] = given.versions;
      if (unit !== 'orders/copy/1') return undefined;
      const progress = { method: 'FULL_TABLE', phase: 'copied', copy, version: copy, run: id } as const;
      return { patches: { orders: { kind: 'seal', progress } } };
    },
  });
  const { status } = await sync({ source: partedSource(), target, store: openMemoryStateStore() });
  expect(status).toBe('done');
  expect(given.rows).toEqual(['orders 0', 'orders 1', 'orders 10', 'orders 11']);
});

test('rows of a range that another host has taken over are not committed, and the run is not retried', async () => {
  const store = openMemoryStateStore();
  const firstPage = { ranges: [{ position: { after: 0 } }, {}] };
  const source = partedSource(async (from) => {
    if (from !== null) return;
    await vi.waitFor(async () => expect((await store.load()).streams.orders).toMatchObject(firstPage));
    await store.claim('orders/copy/0', (await store.load()).generation);
  });
  const { status, failed, retries } = await sync({ source, target: targetOf(nothing()), store });
  expect([status, failed, retries]).toEqual(['failed', ['claim_lost'], 0]);
  expect((await store.load()).streams.orders).toMatchObject(firstPage);
});

test('a host that began before the connection moved makes no further claim, and writes nothing more to the old place', async () => {
  const store = openMemoryStateStore();
  const source = sourceOf([tableOf('orders'), tableOf('people')], {
    *read() {
      yield page([1]);
    },
  });
  const given = nothing();
  const { status, failed } = await sync({
    source,
    target: targetOf(given),
    store,
    onEvent(event) {
      // Nothing is claimed between the end of one stream and the beginning of the next.
      if (event.type === 'state_saved' && event.unit === 'orders/seal')
        void store.begin({ run: 'x', place: 'elsewhere', streams: [] });
    },
  });
  expect([status, failed]).toEqual(['failed', ['claim_lost']]);
  expect(given.rows).toEqual(['orders 1']);
});
