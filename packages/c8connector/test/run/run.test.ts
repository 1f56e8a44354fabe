import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type Catalog,
  ConnectionError,
  type ConnectionState,
  createStop,
  DataError,
  defineSource,
  defineTarget,
  neverStop,
  openFileState,
  type Page,
  type Row,
  run,
  type Stop,
  silentLog,
  type TargetConnector,
  type TargetMessage,
} from '../../src/index.ts';
import { checkedEvents } from '../fixtures/checked-events.ts';

const schema = { type: 'object', properties: { id: { type: 'integer' } } } as const;
const tables = ['a', 'b', 'c'];
const more = [...tables, 'd', 'e'];

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'run-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

type Reader = (
  stream: string,
  bookmark: { readonly after?: number } | undefined,
) => AsyncIterable<Page> | Iterable<Page>;

function sourceOf(read: Reader) {
  return new (defineSource({
    package: { name: 'c8-source-memory', version: '1.0.0' },
    name: 'Memory',
    description: 'Rows from memory.',
    config: {},
    discover: () => more.map((id) => ({ id, schema, keyProperties: ['id'] })),
    read: (stream, { bookmark }) => read(stream.id, bookmark),
  }))();
}

/** Keeps the rows of each acknowledged FLUSH by stream. */
function targetOf(rows: Record<string, Row[]>, seen: TargetMessage[] = []) {
  return new (defineTarget({
    package: { name: 'c8-target-memory', version: '1.0.0' },
    name: 'Memory',
    description: 'Rows to memory.',
    config: {},
    accepts: () => ({ flush: { rows: 2 } }),
    async *write(messages) {
      let held: [string, readonly Row[]][] = [];
      for await (const message of messages) {
        seen.push(message);
        if (message.type === 'RECORDS') held.push([message.stream, message.rows()]);
        if (message.type !== 'FLUSH') continue;
        for (const [stream, more] of held) rows[stream] = [...(rows[stream] ?? []), ...more];
        held = [];
        yield message.state;
      }
    },
  }))();
}

/** Two rows a page, three pages. */
function* pages(bookmark: { readonly after?: number } | undefined, isResumable: boolean): Generator<Page> {
  for (let id = bookmark?.after ?? 0; id < 6; id += 2) {
    yield { rows: [{ id }, { id: id + 1 }], ...(isResumable ? { bookmark: { after: id + 2 } } : {}) };
  }
}

async function sync(
  source: ReturnType<typeof sourceOf>,
  target: TargetConnector,
  stop: Stop = neverStop(),
  names = tables,
) {
  const { events, onEvent } = checkedEvents();
  const catalog: Catalog = await source.discover({});
  const selected = {
    streams: catalog.streams
      .filter((entry) => names.includes(entry.tap_stream_id))
      .map((entry) => ({ ...entry, metadata: [...entry.metadata, { breadcrumb: [], metadata: { selected: true } }] })),
  };
  await using opened = await openFileState(join(folder, 'state.json'));
  const finished = await run({
    source,
    sourceConfig: {},
    target,
    targetConfig: {},
    catalog: selected,
    ...opened,
    stop,
    log: silentLog,
    onEvent,
  });
  return { finished, events, state: await opened.store.load() };
}

const ids = (rows: Row[] | undefined) => rows?.map((row) => row.id);

describe('a run', () => {
  test('reads every stream and leaves a finished state', async () => {
    const rows: Record<string, Row[]> = {};
    const { finished, state } = await sync(
      sourceOf((_, bookmark) => pages(bookmark, true)),
      targetOf(rows),
    );
    expect(finished).toMatchObject({
      status: 'done',
      streams: tables.map((stream) => ({ stream, read: 6, written: 6, status: 'done' })),
    });
    expect(ids(rows.c)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(state.run).toBeUndefined();
    expect(state.streams).toMatchObject({ a: { phase: 'copied' }, c: { phase: 'copied' } });
  });

  test('copies everything again, as a higher version, when the last run finished', async () => {
    const rows: Record<string, Row[]> = {};
    const source = sourceOf((_, bookmark) => pages(bookmark, true));
    const first = await sync(source, targetOf(rows));
    const second = await sync(source, targetOf(rows));
    expect(rows.a).toHaveLength(12);
    const version = (state: ConnectionState) => Number(state.streams.a?.version);
    expect(version(second.state)).toBeGreaterThan(version(first.state));
  });

  test('a stream that fails does not stop the others; the next run resumes it, and copies the others again', async () => {
    const rows: Record<string, Row[]> = {};
    let isBroken = true;
    const source = sourceOf(function* (stream, bookmark) {
      if (stream === 'b' && isBroken) throw new DataError('b is broken', { code: 'value_refused' });
      yield* pages(bookmark, true);
    });
    const first = await sync(source, targetOf(rows));
    expect(first.finished).toMatchObject({
      status: 'failed',
      streams: [{ status: 'done' }, { status: 'failed' }, { status: 'done' }],
    });
    expect(first.events.find((event) => event.type === 'failed')).toMatchObject({
      streams: ['b'],
      error: { code: 'value_refused' },
    });
    expect(first.state.run).toBeUndefined();
    isBroken = false;
    const second = await sync(source, targetOf(rows));
    expect(second.finished.streams.map(({ status }) => status)).toEqual(['done', 'done', 'done']);
    expect(tables.map((stream) => rows[stream]?.length)).toEqual([12, 6, 12]);
  });

  test('an error without a stream does not stop the others either, but three equal ones in a row end the run', async () => {
    const failing = (message: (stream: string) => string) =>
      sourceOf((stream) => {
        throw new ConnectionError(message(stream), { code: 'connection_refused' });
      });
    const failures = async (source: ReturnType<typeof sourceOf>) => {
      const { finished, events, state } = await sync(source, targetOf({}), neverStop(), ['a', 'b', 'c', 'd', 'e']);
      expect(finished.status).toBe('failed');
      return { count: events.filter((event) => event.type === 'failed').length, isOpen: state.run !== undefined };
    };
    expect(await failures(failing((stream) => `no route to ${stream}`))).toEqual({ count: 5, isOpen: false });
    expect(await failures(failing(() => 'refused'))).toEqual({ count: 3, isOpen: true });
  });

  test('keeps what was acknowledged before a failure and resumes after it, in the same version', async () => {
    const rows: Record<string, Row[]> = {};
    const seen: TargetMessage[] = [];
    let isBroken = true;
    const source = sourceOf(async function* (_, bookmark) {
      for (const page of pages(bookmark, true)) {
        if (isBroken && page.bookmark?.after === 6)
          throw new DataError('the last page is broken', { code: 'value_refused' });
        yield page;
        // Over the age of a batch, so that each page is one of its own.
        await new Promise((resolve) => setTimeout(resolve, 1100));
      }
    });
    await sync(source, targetOf(rows, seen), neverStop(), ['a']);
    expect(ids(rows.a)).toEqual([0, 1, 2, 3]);
    isBroken = false;
    const { state } = await sync(source, targetOf(rows, seen), neverStop(), ['a']);
    expect(ids(rows.a)).toEqual([0, 1, 2, 3, 4, 5]);
    const versions = new Set(seen.flatMap((message) => (message.type === 'RECORDS' ? [message.version] : [])));
    expect([...versions]).toEqual([state.streams.a?.version]);
  });

  test('a stream without bookmarks that was interrupted starts again as a new version', async () => {
    const rows: Record<string, Row[]> = {};
    const seen: TargetMessage[] = [];
    let isBroken = true;
    const source = sourceOf(function* (_, bookmark) {
      expect(bookmark).toBeUndefined();
      yield* pages(bookmark, false);
      if (isBroken) throw new DataError('broken at the end', { code: 'value_refused' });
    });
    await sync(source, targetOf(rows, seen), neverStop(), ['a']);
    isBroken = false;
    await sync(source, targetOf(rows, seen), neverStop(), ['a']);
    expect(ids(rows.a)).toEqual([0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5]);
    expect(seen.filter((message) => message.type === 'ACTIVATE_VERSION')).toHaveLength(1);
  });

  test('the first stage of a stop flushes what was read and saves its state', async () => {
    const rows: Record<string, Row[]> = {};
    const stop = createStop();
    const source = sourceOf(async function* () {
      yield { rows: [{ id: 0 }], bookmark: { after: 1 } };
      await new Promise((resolve) => setTimeout(resolve, 1200));
      stop.request();
      await new Promise((resolve) => setTimeout(resolve, 50));
      yield { rows: [{ id: 1 }], bookmark: { after: 2 } };
    });
    const { finished, state } = await sync(source, targetOf(rows), stop);
    expect(finished.status).toBe('stopped');
    expect(state.run).toBeDefined();
    expect(state.streams.a).toMatchObject({ ranges: [{ position: { after: rows.a?.length } }] });
  });

  test.each([
    ['never acknowledges', async function* () {}],
    [
      'acknowledges another state',
      async function* (messages: AsyncIterable<TargetMessage>) {
        for await (const message of messages) if (message.type === 'FLUSH') yield { bookmarks: {} };
      },
    ],
    [
      'acknowledges too early',
      async function* (messages: AsyncIterable<TargetMessage>) {
        for await (const message of messages) if (message.type === 'RECORDS') yield undefined;
      },
    ],
  ])('a target that %s is a bug of its author, and no state is stored', async (_, write) => {
    const target = new (defineTarget({
      package: { name: 'c8-target-broken', version: '1.0.0' },
      name: 'Broken',
      description: 'Breaks the contract.',
      config: {},
      write,
    }))();
    const { events, state } = await sync(
      sourceOf((_, bookmark) => pages(bookmark, true)),
      target,
      neverStop(),
      ['a'],
    );
    expect(events.find((event) => event.type === 'failed')).toMatchObject({
      error: { name: 'ConnectorError', code: 'contract_broken' },
    });
    expect(state.streams.a).toMatchObject({ phase: 'copying', ranges: [{ from: null, to: null }] });
  });

  test('a target that fails ends the source', async () => {
    let isReleased = false;
    const source = sourceOf(async function* () {
      try {
        for (let id = 0; ; id += 1) yield { rows: [{ id }] };
      } finally {
        isReleased = true;
      }
    });
    const target = new (defineTarget({
      package: { name: 'c8-target-full', version: '1.0.0' },
      name: 'Full',
      description: 'Has no room.',
      config: {},
      // biome-ignore lint/correctness/useYield: it fails before.
      async *write(messages) {
        for await (const message of messages)
          if (message.type === 'RECORDS') throw new DataError('no room', { code: 'value_unstorable' });
      },
    }))();
    const { finished } = await sync(source, target, neverStop(), ['a']);
    expect(finished.status).toBe('failed');
    expect(isReleased).toBe(true);
  });
});
