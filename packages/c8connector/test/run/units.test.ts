import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { selectAll } from '../../../c8connector-testing/src/source/recording/selected-catalog.ts';
import {
  DataError,
  defineSource,
  defineTarget,
  neverStop,
  openMemoryStateStore,
  type Partition,
  run,
  type StateStore,
  silentLog,
} from '../../src/index.ts';
import { checkedEvents } from '../fixtures/checked-events.ts';

const rows = Array.from({ length: 30 }, (_, id) => ({ id }));
const thirds: readonly Partition[] = [
  { from: null, to: 10 },
  { from: 10, to: 20 },
  { from: 20, to: null },
];

interface World {
  readonly streams?: readonly string[];
  readonly parts?: readonly Partition[];
  /** The stream and the first id of a read that fails. */
  readonly breaks?: { readonly stream: string; readonly id: number };
  readonly concurrency?: number;
  readonly store?: StateStore;
  /** The parts exist within sessions of this source, which are gone with it. */
  readonly sessions?: { readonly lostAt?: readonly number[] };
}

/** Runs tables of thirty rows, in pages of five, and reports what was read, when, and what the target was given. */
async function runTables({ streams = ['a'], parts = thirds, breaks, concurrency = 2, store, sessions }: World) {
  const lostAt = [...(sessions?.lostAt ?? [])];
  const open = new Set<string>();
  const reads: string[] = [];
  let reading = 0;
  let most = 0;
  const source = new (defineSource({
    package: { name: 'c8-source-x', version: '1.0.0' },
    name: 'X',
    description: 'x',
    config: {},
    discover: () =>
      streams.map((id) => ({ id, keyProperties: ['id'], schema: { properties: { id: { type: 'integer' } } } })),
    partitions() {
      if (sessions === undefined) return parts;
      const session = randomUUID();
      open.add(session);
      return { session, partitions: parts };
    },
    async *read({ id: stream }, { partition = { from: null, to: null }, bookmark, session }) {
      if (session !== undefined && !open.has(session)) throw lost(stream);
      reads.push(`${stream} ${partition.from ?? ''}-${partition.to ?? ''}`);
      reading += 1;
      most = Math.max(most, reading);
      try {
        const end = Number(partition.to ?? 30);
        for (let id = Number(bookmark?.next ?? partition.from ?? 0); id < end; id += 5) {
          await sleep(2);
          if (session !== undefined && lostAt[0] === id) {
            lostAt.shift();
            open.delete(session);
            throw lost(stream);
          }
          if (breaks?.stream === stream && breaks.id === id)
            throw new DataError('broken', { code: 'value_refused', details: { stream } });
          yield { rows: rows.slice(id, id + 5), bookmark: { next: id + 5 } };
        }
      } finally {
        reading -= 1;
      }
    },
  }))();
  const given: string[] = [];
  const target = new (defineTarget({
    package: { name: 'c8-target-x', version: '1.0.0' },
    name: 'X',
    description: 'x',
    config: {},
    async *write(messages) {
      for await (const message of messages) {
        if (message.type === 'RECORDS') given.push(...message.rows().map(({ id }) => `${message.stream} ${id}`));
        if (message.type === 'ACTIVATE_VERSION') given.push(`${message.stream} activated`);
        if (message.type === 'FLUSH') yield message.state;
      }
    },
  }))();
  const { events, onEvent } = checkedEvents();
  const kept = store ?? openMemoryStateStore();
  const finished = await run({
    source,
    sourceConfig: {},
    target,
    targetConfig: {},
    catalog: selectAll(await source.discover({})),
    store: kept,
    concurrency,
    stop: neverStop(),
    log: silentLog,
    onEvent,
  });
  return { finished, events, reads, given, most, store: kept };
}

function lost(stream: string): DataError {
  return new DataError('the snapshot is gone', { code: 'copy_lost', details: { stream } });
}

/** The rows that a reader of the newest activated version sees. */
function shownOf(given: readonly string[]): readonly string[] {
  const last = given.lastIndexOf('a activated');
  return given.slice(Math.max(0, last - rows.length), last);
}

const allOf = (stream: string) => rows.map(({ id }) => `${stream} ${id}`);

describe('the ranges of a copy', () => {
  test('are read in parallel, each once, and the copy counts once all of them are done', async () => {
    const { finished, reads, given, most } = await runTables({});
    expect(finished).toMatchObject({ status: 'done', streams: [{ status: 'done', read: 30, written: 30 }] });
    expect(reads).toEqual(['a -10', 'a 10-20', 'a 20-']);
    expect(most).toBe(2);
    expect(given.toSorted()).toEqual([...allOf('a'), 'a activated'].toSorted());
    expect(given.at(-1)).toBe('a activated');
  });

  test('each resume from their position, and those that are done are not read again', async () => {
    const first = await runTables({ breaks: { stream: 'a', id: 15 } });
    expect(first.finished.status).toBe('failed');
    expect(first.given).not.toContain('a activated');
    // The plan of the copy is kept, whatever its source would say now.
    const second = await runTables({ store: first.store, parts: [] });
    expect(second.finished.status).toBe('done');
    expect(second.reads).toContain('a 10-20');
    expect(second.reads).not.toContain('a -10');
    expect([...first.given, ...second.given].toSorted()).toEqual([...allOf('a'), 'a activated'].toSorted());
  });

  test.each<[string, readonly Partition[]]>([
    [
      'a gap',
      [
        { from: null, to: 10 },
        { from: 11, to: null },
      ],
    ],
    ['no open begin', [{ from: 0, to: null }]],
    ['no open end', [{ from: null, to: 30 }]],
    [
      'an open end in the middle',
      [
        { from: null, to: null },
        { from: null, to: null },
      ],
    ],
  ])('with %s are refused before anything is read', async (_, parts) => {
    const { finished, events, reads } = await runTables({ parts });
    expect(finished.status).toBe('failed');
    expect(events.find(({ type }) => type === 'failed')).toMatchObject({ error: { code: 'contract_broken' } });
    expect(reads).toEqual([]);
  });

  test('are one if the source returns none', async () => {
    expect((await runTables({ parts: [] })).reads).toEqual(['a -']);
  });
});

describe('the parts of a copy within a session of the source', () => {
  test('are read like any others', async () => {
    const { finished, reads, given } = await runTables({ sessions: {} });
    expect([finished.status, reads]).toEqual(['done', ['a -10', 'a 10-20', 'a 20-']]);
    expect(given.toSorted()).toEqual([...allOf('a'), 'a activated'].toSorted());
  });

  test('are read again, all of them, when the session is gone', async () => {
    const { finished, reads, given, store } = await runTables({ sessions: { lostAt: [15] } });
    expect(finished.status).toBe('done');
    expect(reads.slice(-3)).toEqual(['a -10', 'a 10-20', 'a 20-']);
    expect(shownOf(given).toSorted()).toEqual(allOf('a').toSorted());
    expect((await store.load()).streams.a).toMatchObject({ phase: 'copied' });
  });

  test('fail when the next session is gone, too', async () => {
    const { finished, events } = await runTables({ sessions: { lostAt: [15, 15] } });
    expect(finished.status).toBe('failed');
    expect(events.findLast(({ type }) => type === 'failed')).toMatchObject({ error: { code: 'copy_lost' } });
  });

  test('are read again by another process, and none of them is left out', async () => {
    const first = await runTables({ sessions: {}, breaks: { stream: 'a', id: 15 } });
    expect(first.finished.status).toBe('failed');
    const { session } = (await first.store.load()).streams.a as { session?: string };
    expect(session).toEqual(expect.any(String));
    const second = await runTables({ sessions: {}, store: first.store });
    expect(second.finished.status).toBe('done');
    expect(shownOf(second.given).toSorted()).toEqual(allOf('a').toSorted());
  });
});

describe('several streams at once', () => {
  test.each([1, 2, 3, 7])(
    'never more units than %i are at work, and each stream is copied whole',
    async (concurrency) => {
      const streams = ['a', 'b', 'c', 'd'];
      const { finished, given, most } = await runTables({ streams, concurrency });
      expect(finished.streams.map(({ status }) => status)).toEqual(streams.map(() => 'done'));
      expect(most).toBe(concurrency);
      expect(given.toSorted()).toEqual(
        streams.flatMap((stream) => [...allOf(stream), `${stream} activated`]).toSorted(),
      );
    },
  );

  test('one that fails does not keep the others from being copied', async () => {
    const streams = ['a', 'b', 'c'];
    const { finished, store } = await runTables({ streams, breaks: { stream: 'b', id: 10 }, concurrency: 3 });
    expect(finished.streams.map(({ status }) => status)).toEqual(['done', 'failed', 'done']);
    expect((await store.load()).run).toBeUndefined();
  });
});
