import { describe, expect, test } from 'vitest';
import { selectAll } from '../../../c8connector-testing/src/source/recording/selected-catalog.ts';
import {
  ConnectionError,
  defineSource,
  defineTarget,
  neverStop,
  openMemoryStateStore,
  type RunRequest,
  run,
  type State,
  type StateStore,
  type Stream,
  silentLog,
} from '../../src/index.ts';

const manifest = (type: string) => ({ name: `c8-${type}-x`, version: '1.0.0' });
const idOf = { type: 'object', properties: { id: { type: 'integer' } } } as const;
const table: Stream = { id: 'orders', schema: idOf, keyProperties: ['id'] };

/** A table of four rows by id, of which no two are in one batch; `begun` has where each read began. */
function sourceOf(stream: Stream, begun: unknown[]) {
  return new (defineSource({
    package: manifest('source'),
    name: 'X',
    description: 'x',
    config: {},
    discover: () => [stream],
    *read(_, { bookmark, since }) {
      begun.push(bookmark?.after ?? since ?? 'the beginning');
      for (let id = Number(bookmark?.after ?? since ?? 0) + 1; id <= 4; id += 1)
        yield { lines: Buffer.from(`{"id":${id}}\n`), count: 1, bookmark: { after: id } };
    },
  }))();
}

/** What is at both places: the second one is a copy of the first. */
interface Stored {
  /** Version and id of each row. */
  readonly rows: string[];
  readonly states: Map<string, State>;
  /** Thrown once the second row is committed, and before anybody knows of it. */
  breaks: Error | undefined;
}

/** Commits each row with its state, and gives back what it has committed in the same generation. */
function targetOf(stored: Stored) {
  return new (defineTarget({
    package: manifest('target'),
    name: 'X',
    description: 'x',
    config: { bucket: { type: 'string', displayName: 'Bucket', description: 'Where to.', isMandatory: true } },
    accepts: () => ({ flush: { rows: 1 } }),
    recover: async ({ run: { unit, generation } }) => stored.states.get(`${unit} ${generation}`),
    async *write(messages, { run: { unit, generation } }) {
      let open: string[] = [];
      for await (const message of messages) {
        if (message.type === 'RECORDS') open.push(...message.rows().map(({ id }) => `${message.version} ${id}`));
        if (message.type !== 'FLUSH') continue;
        if (message.isCheckpoint && message.state !== undefined) {
          stored.rows.push(...open);
          stored.states.set(`${unit} ${generation}`, message.state);
          open = [];
          if (stored.rows.length === 2 && stored.breaks !== undefined) throw stored.breaks;
        }
        yield message.state;
      }
    },
  }))();
}

const nothing = (breaks?: Error): Stored => ({ rows: [], states: new Map(), breaks });

async function sync(
  bucket: string,
  stored: Stored,
  store: StateStore,
  { stream = table, begun = [], ...options }: Partial<RunRequest> & { stream?: Stream; begun?: unknown[] } = {},
) {
  const source = sourceOf(stream, begun);
  return await run({
    source,
    sourceConfig: {},
    target: targetOf(stored),
    targetConfig: { bucket },
    catalog: selectAll(await source.discover({})),
    store,
    stop: neverStop(),
    log: silentLog,
    onEvent: () => undefined,
    ...options,
  });
}

/** A store and what is stored once a run broke in the middle of a copy, after a commit that the store does not know of. */
async function broken(breaks: Error) {
  const stored = nothing(breaks);
  const store = openMemoryStateStore();
  await sync('a', stored, store);
  stored.breaks = undefined;
  return { stored, store };
}

describe('a state that is kept for another place', () => {
  test.each([
    [
      'a run that was interrupted',
      new ConnectionError('gone', { code: 'connection_lost' }),
      'the last run was interrupted',
    ],
    ['a copy that failed', new Error('a row is refused'), "the stream 'orders' is copied in part"],
  ])(
    'is refused after %s, which would bring rows twice, until it is done at the old place',
    async (_, breaks, reason) => {
      const { stored, store } = await broken(breaks);
      const before = await store.load();
      await expect(sync('b', stored, store, { keepsState: true })).rejects.toMatchObject({
        name: 'ConfigError',
        code: 'state_unfinished',
        message: expect.stringContaining(reason),
      });
      expect(await store.load()).toEqual(before);
      expect((await sync('a', stored, store)).status).toBe('done');
      expect((await sync('b', stored, store, { keepsState: true })).status).toBe('done');
      expect(new Set(stored.rows).size).toBe(stored.rows.length);
    },
  );

  test('is kept when the stream that was copied in part starts over', async () => {
    const { stored, store } = await broken(new Error('a row is refused'));
    const begun: unknown[] = [];
    const { status } = await sync('b', stored, store, { keepsState: true, refresh: ['orders'], begun });
    expect([status, begun]).toEqual(['done', ['the beginning']]);
    expect(new Set(stored.rows).size).toBe(stored.rows.length);
  });

  test('is resumed when the previous run has ended', async () => {
    const stream: Stream = { ...table, replication: { methods: ['INCREMENTAL'], keys: ['id'], isSorted: true } };
    const stored = nothing();
    const store = openMemoryStateStore();
    const begun: unknown[] = [];
    await sync('a', stored, store, { stream, begun });
    const { generation } = await store.load();
    await sync('b', stored, store, { stream, begun, keepsState: true });
    expect(begun).toEqual(['the beginning', 4]);
    expect((await store.load()).generation).toBeGreaterThan(generation);
  });

  test('is refused after an interrupted run of a source that keeps its own state, whose position is unknown', async () => {
    const store = openMemoryStateStore();
    await store.begin({ run: 'first', place: 'a' });
    const moved = { run: 'second', place: 'b', keepsState: true };
    await expect(store.begin(moved)).rejects.toMatchObject({ code: 'state_unfinished' });
    await store.finish('first');
    expect(await store.begin(moved)).toMatchObject({ run: 'second', isMoved: false });
  });
});
