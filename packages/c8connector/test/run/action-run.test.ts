import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  actionTarget,
  defineSource,
  neverStop,
  openFileState,
  type Page,
  type Row,
  type RunEvent,
  run,
  type Stream,
  type StreamSchema,
  silentLog,
  type TargetConnector,
} from '../../src/index.ts';
import { checkedEvents } from '../fixtures/checked-events.ts';
import { memoryIntegration } from '../fixtures/memory-integration.ts';

const text = { type: 'string' };
const schema: StreamSchema = { type: 'object', properties: { id: { type: 'integer' }, text } };

let folder: string;
let said: string[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'action-run-'));
  said = [];
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const rowsOf = (...texts: readonly string[]): Row[] => texts.map((each, id) => ({ id, text: each }));

type Tables = Readonly<Record<string, readonly Row[]>>;
type Pages = (rows: readonly Row[], next: number) => Iterable<Page>;

function* onePage(rows: readonly Row[]): Iterable<Page> {
  yield { rows };
}

function sourceOf(tables: Tables, parts: Partial<Stream> = {}, pages: Pages = onePage) {
  return new (defineSource({
    package: { name: 'c8-source-memory', version: '1.0.0' },
    name: 'Memory',
    description: 'Rows from memory.',
    config: {},
    discover: () => Object.keys(tables).map((id) => ({ id, schema, keyProperties: ['id'], ...parts })),
    read: ({ id }, { bookmark }) => pages(tables[id] ?? [], Number(bookmark?.next ?? 0)),
  }))();
}

function targetOf(onResult: () => void = () => undefined): TargetConnector {
  const Memory = memoryIntegration((each) => said.push(each));
  return actionTarget(new Memory(), 'say', { text: '{{text}}' }, { onResult });
}

async function sync(source: ReturnType<typeof sourceOf>, target = targetOf()) {
  const { events, onEvent } = checkedEvents();
  const { streams } = await source.discover({});
  const metadata = [{ breadcrumb: [], metadata: { selected: true } }];
  await using opened = await openFileState(join(folder, 'state.json'));
  const finished = await run({
    source,
    sourceConfig: {},
    target,
    targetConfig: { password: 'open sesame' },
    catalog: { streams: streams.map((entry) => ({ ...entry, metadata })) },
    ...opened,
    stop: neverStop(),
    log: silentLog,
    onEvent,
  });
  const ofType = <T extends RunEvent['type']>(type: T) =>
    events.filter((event): event is Extract<RunEvent, { type: T }> => event.type === type);
  return { finished, ofType };
}

describe('a run whose target calls an action', () => {
  test('deletes its ledger at the end, and the next run makes all calls again', async () => {
    for (let runs = 1; runs <= 2; runs += 1) {
      const { finished } = await sync(sourceOf({ a: rowsOf('x', 'y') }));
      expect(finished).toMatchObject({ status: 'done', streams: [{ read: 2, written: 2, rejected: 0 }] });
      expect(await readdir(folder)).toEqual(['state.json']);
    }
    expect(said).toEqual(['x', 'y', 'x', 'y']);
  });

  test('keeps the ledger of a stream that fails, and the next run resumes after the last answer', async () => {
    const { finished, ofType } = await sync(sourceOf({ a: rowsOf('x', 'bad', 'z'), b: rowsOf('w') }));
    expect(finished.status).toBe('failed');
    expect(ofType('failed')).toMatchObject([
      { streams: ['a'], error: { code: 'action_refused', message: expect.stringContaining("stream 'a', row [1]") } },
    ]);
    expect(await readdir(folder)).toEqual(['state.json', 'state.json.ledger']);
    expect((await sync(sourceOf({ a: rowsOf('x', 'fixed', 'z'), b: rowsOf('w') }))).finished.status).toBe('done');
    // What is copied again is sent again.
    expect(said).toEqual(['x', 'w', 'fixed', 'z', 'w']);
    expect(await readdir(folder)).toEqual(['state.json']);
  });

  test('reports a row with an unknown outcome as rejected, continues, and counts it as not written', async () => {
    const { finished, ofType } = await sync(sourceOf({ a: rowsOf('x', 'lost', 'z') }));
    expect(ofType('rejected')).toMatchObject([
      { unit: 'a/copy/0', stream: 'a', row: '[1]', code: 'outcome_unknown', message: 'the line went dead' },
    ]);
    expect(finished).toMatchObject({ status: 'done', streams: [{ read: 3, written: 2, rejected: 1 }] });
    expect(said).toEqual(['x', 'lost', 'z']);
  });

  test('three unknown outcomes in a row stop the run', async () => {
    const { finished, ofType } = await sync(sourceOf({ a: rowsOf('lost', 'lost', 'lost', 'z'), b: rowsOf('w') }));
    expect(finished.streams.map(({ status }) => status)).toEqual(['failed', 'stopped']);
    expect(ofType('failed')).toMatchObject([{ error: { name: 'ConnectionError', code: 'outcome_unknown' } }]);
    expect(said).toEqual(['lost', 'lost', 'lost']);
  });

  test('an unknown column ends it before anything is sent', async () => {
    const parts = { schema: { type: 'object', properties: { id: { type: 'integer' }, txt: text } } } as const;
    const { ofType } = await sync(sourceOf({ a: [{ id: 1, txt: 'x' }] }, parts));
    expect(ofType('failed')).toMatchObject([{ error: { code: 'column_unknown', exitCode: 2 } }]);
    expect(said).toEqual([]);
  });
});

/** Text of rows as a source of lines gives it, so that each page is a batch of its own. */
const linesOf = (rows: readonly Row[]) => Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));

describe('a run with rows without a key', () => {
  const parts = { keyProperties: [] };

  /** Runs until it is done; every run dies after this many calls. Returns how many runs it took. */
  async function runUntilDone(source: ReturnType<typeof sourceOf>, calls: number): Promise<number> {
    for (let runs = 1; runs <= 50; runs += 1) {
      let left = calls;
      const target = targetOf(() => {
        left -= 1;
        if (left === 0) throw new Error('killed');
      });
      const { finished } = await sync(source, target);
      if (finished.status === 'done') return runs;
    }
    throw new Error('it never ends');
  }

  test.each([1, 3, 4, 7, 11])(
    'that dies after every %i calls sends equal rows exactly as often as they occur',
    async (calls) => {
      const rows = Array.from({ length: 20 }, (_, at) => ({ text: `row ${at % 3}` }));
      const source = sourceOf({ a: rows }, parts, function* (all, start) {
        for (let next = start; next < all.length; next += 4) {
          yield {
            lines: linesOf(all.slice(next, next + 4)),
            count: Math.min(4, all.length - next),
            bookmark: { next: next + 4 },
          };
        }
      });
      expect(await runUntilDone(source, calls)).toBeGreaterThan(1);
      expect(said).toEqual(rows.map((row) => row.text));
    },
  );

  test('that dies in a page of several batches sends equal rows exactly as often as they occur', async () => {
    // Batches hold 2 MB: the second page has several before its own bookmark comes.
    const long = 'x'.repeat(900_000);
    const rows = Array.from({ length: 12 }, (_, at) => ({ text: `row ${at % 2} ${long}` }));
    const pageStarts = [0, 2, 12];
    const source = sourceOf({ a: rows }, parts, function* (all, start) {
      for (const [at, next] of pageStarts.entries()) {
        const end = pageStarts[at + 1];
        if (next < start || end === undefined) continue;
        yield { lines: linesOf(all.slice(next, end)), count: end - next, bookmark: { next: end } };
      }
    });
    expect(await runUntilDone(source, 5)).toBeGreaterThan(1);
    expect(said.map((each) => each.slice(0, 5))).toEqual(rows.map((row) => row.text.slice(0, 5)));
  });

  test('that dies in the middle of pages that share batches sends equal rows exactly as often as they occur', async () => {
    const long = 'x'.repeat(900_000);
    const rows = Array.from({ length: 12 }, (_, at) => ({ text: `row ${at % 2} ${long}` }));
    const source = sourceOf({ a: rows }, parts, function* (all, start) {
      for (let next = start; next < all.length; next += 3)
        yield { rows: all.slice(next, next + 3), bookmark: { next: next + 3 } };
    });
    expect(await runUntilDone(source, 5)).toBeGreaterThan(1);
    expect(said.map((each) => each.slice(0, 5))).toEqual(rows.map((row) => row.text.slice(0, 5)));
  });
});

describe('what a run reports of columns', () => {
  const properties = { id: { type: 'integer' }, text, price: { type: 'number', multipleOf: 0.01 } };
  const sourceWith = (next: StreamSchema['properties']) =>
    sourceOf({ a: rowsOf('x'), b: rowsOf('x') }, { schema: { type: 'object', properties: next } });

  test.each<[string, StreamSchema['properties'], object]>([
    ['added', { ...properties, note: text }, { added: ['note'], removed: [], changed: [] }],
    ['removed', { id: properties.id, text }, { added: [], removed: ['price'], changed: [] }],
    ['retyped', { ...properties, id: { type: 'string' } }, { added: [], removed: [], changed: ['id'] }],
    [
      'widened',
      { ...properties, price: { type: 'number', multipleOf: 0.0001 } },
      { added: [], removed: [], changed: ['price'] },
    ],
  ])(
    'a column that was %s since the last run is reported once for its stream, and not again',
    async (_name, next, change) => {
      expect((await sync(sourceWith(properties))).ofType('schema_changed')).toEqual([]);
      const changes = (await sync(sourceWith(next))).ofType('schema_changed');
      expect(changes).toEqual(
        ['a', 'b'].map((stream) => expect.objectContaining({ unit: `${stream}/copy/0`, stream, ...change })),
      );
      expect((await sync(sourceWith(next))).ofType('schema_changed')).toEqual([]);
    },
  );

  test('another order, description or nullability of columns is not a change', async () => {
    await sync(sourceWith(properties));
    const next = {
      text: { type: ['null', 'string'], description: 'what is said' },
      price: properties.price,
      id: properties.id,
    };
    expect((await sync(sourceWith(next))).ofType('schema_changed')).toEqual([]);
  });

  test('a change is reported although its run fails', async () => {
    await sync(sourceWith(properties));
    const { ofType } = await sync(sourceOf({ a: rowsOf('bad') }));
    expect(ofType('schema_changed')).toMatchObject([{ stream: 'a', removed: ['price'] }]);
  });
});
