import { expect, test, vi } from 'vitest';
import { selectAll } from '../../../c8connector-testing/src/source/recording/selected-catalog.ts';
import { defineSource, type Page, type ReadRequest, type SourceMessage, silentLog } from '../../src/index.ts';

const schema = { type: 'object', properties: { id: { type: 'integer' } } } as const;

/** A source of streams `s0`, `s1` …, each with so many rows in pages with a bookmark. */
function sourceOf(streams: number, rows: number, read?: (stream: string) => AsyncIterable<Page> | Iterable<Page>) {
  return new (defineSource({
    package: { name: 'c8-source-many', version: '1.0.0' },
    name: 'Many',
    description: 'Many streams.',
    config: {},
    discover: () => Array.from({ length: streams }, (_, index) => ({ id: `s${index}`, schema })),
    *read(stream) {
      if (read !== undefined) return yield* read(stream.id) as Iterable<Page>;
      if (rows === 0) return;
      const lines = Buffer.from('{"id":1}\n'.repeat(rows));
      yield { lines, count: rows, bookmark: { after: rows } };
    },
  }))();
}

async function messagesOf(
  source: ReturnType<typeof sourceOf>,
  more: Partial<ReadRequest> = {},
): Promise<{ readonly messages: readonly SourceMessage[]; readonly error?: unknown }> {
  const catalog = selectAll(await source.discover({}));
  const { signal } = new AbortController();
  const messages: SourceMessage[] = [];
  try {
    for await (const message of source.read({
      integration: {},
      catalog,
      exact: 'number',
      signal,
      log: silentLog,
      ...more,
    }))
      messages.push(message);
    return { messages };
  } catch (error) {
    return { messages, error };
  }
}

const statesOf = (messages: readonly SourceMessage[]) =>
  messages.flatMap((message) => (message.type === 'STATE' ? [message.value] : []));

test.each([
  ['empty streams', 300, 0, 1],
  ['streams of few rows', 300, 10, 1],
  ['streams of many rows', 30, 1000, 3],
  ['streams of more rows than a state waits for', 3, 10_000, 3],
])('a read of %s gives states by rows across streams, and one at the very end', async (_, streams, rows, expected) => {
  const { messages } = await messagesOf(sourceOf(streams, rows));
  const states = statesOf(messages);
  // Where the last rows make a state due, what the end adds to it comes in one more.
  expect(states.length).toBeGreaterThanOrEqual(expected);
  expect(states.length).toBeLessThanOrEqual(expected + 1);
  expect(messages.at(-1)).toMatchObject({ type: 'STATE', value: { currently_syncing: null } });
  const bookmarks = Object.values(states.at(-1)?.bookmarks ?? {});
  expect(bookmarks).toHaveLength(streams);
  expect(bookmarks.every(({ is_complete }) => is_complete === true)).toBe(true);
});

test('after ten seconds a state is due, however few rows came', async () => {
  let now = 0;
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => now);
  try {
    const source = sourceOf(6, 0, () => {
      now += 4000;
      return [];
    });
    const states = statesOf((await messagesOf(source)).messages);
    const complete = states.map(({ bookmarks = {} }) => Object.values(bookmarks).filter((each) => each.is_complete));
    expect(complete.map(({ length }) => length)).toEqual([3, 6]);
  } finally {
    clock.mockRestore();
  }
});

test('a reader that looks at each state gets one for each stream', async () => {
  const states = statesOf((await messagesOf(sourceOf(20, 0), { statePerPage: true })).messages);
  expect(states.length).toBeGreaterThanOrEqual(20);
});

test('a read that fails gives what it had read first', async () => {
  const source = sourceOf(5, 0, function* (stream) {
    yield { rows: [{ id: 1 }], bookmark: { after: 1 } };
    if (stream === 's3') throw new Error('broken');
  });
  const { messages, error } = await messagesOf(source);
  expect(error).toMatchObject({ message: 'broken' });
  const last = messages.at(-1);
  expect(last).toMatchObject({
    type: 'STATE',
    value: { currently_syncing: 's3', bookmarks: { s2: { is_complete: true }, s3: { after: 1 } } },
  });
});

test('a read that is stopped gives what it had read, and one that goes on from there reads the rest only', async () => {
  const stop = new AbortController();
  const source = sourceOf(5, 0, function* (stream) {
    if (stream === 's2') stop.abort();
    yield { rows: [{ id: 1 }], bookmark: { after: 1 } };
  });
  const { messages } = await messagesOf(source, { signal: stop.signal });
  const [state] = statesOf(messages).slice(-1);
  expect(messages.at(-1)?.type).toBe('STATE');
  const resumed = await messagesOf(sourceOf(5, 1), { state });
  const read = resumed.messages.flatMap((message) => (message.type === 'SCHEMA' ? [message.stream] : []));
  expect(read).toEqual(['s2', 's3', 's4']);
});

test('a state that is not due yet comes among the rows of a long stream', async () => {
  const source = sourceOf(2, 0, function* (stream) {
    if (stream === 's0') return;
    for (let page = 0; page < 3; page += 1) yield { lines: Buffer.from('{"id":1}\n'.repeat(6000)), count: 6000 };
  });
  const { messages } = await messagesOf(source);
  const [first] = statesOf(messages);
  expect(first).toMatchObject({ currently_syncing: 's1', bookmarks: { s0: { is_complete: true } } });
  expect(first?.bookmarks?.s1).not.toHaveProperty('is_complete');
});
