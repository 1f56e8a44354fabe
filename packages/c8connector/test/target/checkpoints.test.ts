import { describe, expect, test, vi } from 'vitest';
import type { SourceMessage, TargetMessage } from '../../src/interface/messages.ts';
import type { ValueSchema } from '../../src/interface/stream.ts';
import { Batch } from '../../src/jsonl/batch.ts';
import { checkpoints } from '../../src/target/checkpoints.ts';

const schema = { type: 'object', properties: { id: { type: 'integer' } } } as const;
const limits = { rows: 4, bytes: 1_000_000, age: 60 };

function schemaOf(stream: string, properties: Record<string, ValueSchema> = schema.properties): SourceMessage {
  return { type: 'SCHEMA', stream, schema: { type: 'object', properties }, keyProperties: ['id'] };
}

function records(stream: string, count: number): SourceMessage {
  const rows = Array.from({ length: count }, (_, id) => ({ id }));
  return Batch.ofRows({ stream, schema, extractedAt: '2024-01-01T00:00:00.000000Z', exact: 'number' }, rows);
}

function state(n: number): SourceMessage {
  return { type: 'STATE', value: { bookmarks: { a: { n } } } };
}

async function* from(messages: Iterable<SourceMessage>): AsyncGenerator<SourceMessage> {
  yield* messages;
}

/** Messages in short: `SCHEMA a`, `RECORDS a 3`, `FLUSH 2`, where the number is that of the state, and `FLUSH 2+` when rows come after it. */
function short(message: TargetMessage): string {
  if (message.type === 'FLUSH') {
    const state = (message.state?.bookmarks?.a?.n as number | undefined) ?? 'none';
    return `FLUSH ${state}${message.isCheckpoint ? '' : '+'}`;
  }
  return message.type === 'RECORDS'
    ? `RECORDS ${message.stream} ${message.count}`
    : `${message.type} ${message.stream}`;
}

async function flushed(
  messages: Iterable<SourceMessage> | AsyncIterable<SourceMessage>,
  hasRecover = false,
): Promise<string[]> {
  const input = Symbol.asyncIterator in messages ? messages : from(messages);
  const out: string[] = [];
  for await (const message of checkpoints(input, { limits, hasRecover })) out.push(short(message));
  return out;
}

describe('checkpoints', () => {
  test('ends with a FLUSH of the newest state', async () => {
    expect(await flushed([schemaOf('a'), records('a', 1), state(1), records('a', 1), state(2)])).toEqual([
      'SCHEMA a',
      'RECORDS a 1',
      'RECORDS a 1',
      'FLUSH 2',
    ]);
  });

  test('sends nothing for empty input', async () => {
    expect(await flushed([])).toEqual([]);
  });

  test('flushes without a state while there is none yet', async () => {
    expect(await flushed([schemaOf('a'), records('a', 1)])).toEqual(['SCHEMA a', 'RECORDS a 1', 'FLUSH none+']);
  });

  test('a STATE without rows causes no FLUSH before the last one', async () => {
    expect(await flushed([state(1), state(2), state(3)])).toEqual(['FLUSH 3']);
  });

  test('includes the STATE that follows the records in the FLUSH that the rows made due', async () => {
    expect(await flushed([records('a', 4), state(1), records('a', 1), state(2)])).toEqual([
      'RECORDS a 4',
      'FLUSH 1',
      'RECORDS a 1',
      'FLUSH 2',
    ]);
  });

  test('flushes by rows when no STATE follows', async () => {
    expect(await flushed([records('a', 4), records('a', 4)])).toEqual([
      'RECORDS a 4',
      'FLUSH none+',
      'RECORDS a 4',
      'FLUSH none+',
    ]);
  });

  test('flushes by bytes', async () => {
    const wide = Batch.ofRows({ stream: 'a', schema, extractedAt: '', exact: 'number' }, [
      { id: 'x'.repeat(2_000_000) },
    ]);
    expect(await flushed([wide, wide])).toEqual(['RECORDS a 1', 'FLUSH none+', 'RECORDS a 1', 'FLUSH none+']);
  });

  test('flushes before ACTIVATE_VERSION and before a schema changes, but not before the same schema', async () => {
    const messages = [
      schemaOf('a'),
      records('a', 1),
      schemaOf('a'),
      records('a', 1),
      schemaOf('a', { id: { type: 'string' } }),
    ];
    expect(
      await flushed([...messages, records('a', 1), { type: 'ACTIVATE_VERSION', stream: 'a', version: 1 }]),
    ).toEqual([
      'SCHEMA a',
      'RECORDS a 1',
      'SCHEMA a',
      'RECORDS a 1',
      'FLUSH none+',
      'SCHEMA a',
      'RECORDS a 1',
      'FLUSH none+',
      'ACTIVATE_VERSION a',
      'FLUSH none+',
    ]);
  });

  test('flushes by age while the source is idle, and by a signal at once', async () => {
    vi.useFakeTimers();
    try {
      const abort = new AbortController();
      let release = (): void => undefined;
      const idle = new Promise<void>((resolve) => {
        release = resolve;
      });
      async function* slow(): AsyncGenerator<SourceMessage> {
        yield records('a', 1);
        yield state(1);
        await idle;
        yield records('a', 1);
        await new Promise((resolve) => setTimeout(resolve, 30_000));
      }
      const seen: string[] = [];
      const options = { limits, hasRecover: false, signal: abort.signal };
      const reading = (async () => {
        for await (const message of checkpoints(slow(), options)) seen.push(short(message));
      })();
      await vi.advanceTimersByTimeAsync(59_000);
      expect(seen).toEqual(['RECORDS a 1']);
      await vi.advanceTimersByTimeAsync(2000);
      expect(seen).toEqual(['RECORDS a 1', 'FLUSH 1']);
      release();
      await vi.advanceTimersByTimeAsync(1000);
      abort.abort();
      await vi.advanceTimersByTimeAsync(1000);
      expect(seen).toEqual(['RECORDS a 1', 'FLUSH 1', 'RECORDS a 1', 'FLUSH 1+']);
      await vi.advanceTimersByTimeAsync(60_000);
      await reading;
      expect(seen).toHaveLength(4);
    } finally {
      vi.useRealTimers();
    }
  });

  test('flushes a STATE that nothing follows by its age, once', async () => {
    vi.useFakeTimers();
    try {
      async function* idle(): AsyncGenerator<SourceMessage> {
        yield records('a', 4);
        yield state(1);
        yield state(2);
        await new Promise((resolve) => setTimeout(resolve, 600_000));
      }
      const seen: string[] = [];
      const reading = (async () => {
        for await (const message of checkpoints(idle(), { limits, hasRecover: false })) seen.push(short(message));
      })();
      await vi.advanceTimersByTimeAsync(59_000);
      expect(seen).toEqual(['RECORDS a 4', 'FLUSH 1']);
      await vi.advanceTimersByTimeAsync(2000);
      expect(seen).toEqual(['RECORDS a 4', 'FLUSH 1', 'FLUSH 2']);
      await vi.advanceTimersByTimeAsync(600_000);
      await reading;
      expect(seen).toHaveLength(3);
    } finally {
      vi.useRealTimers();
    }
  });

  const passed = [
    schemaOf('a'),
    records('a', 2),
    state(1),
    records('a', 3),
    records('a', 3),
    state(2),
    { type: 'ACTIVATE_VERSION', stream: 'a', version: 1 } as const,
    state(3),
  ];

  test('marks on each FLUSH whether its rows end at its state', async () => {
    expect(await flushed(passed)).toEqual([
      'SCHEMA a',
      'RECORDS a 2',
      'RECORDS a 3',
      'FLUSH 1+',
      'RECORDS a 3',
      'FLUSH 2',
      'ACTIVATE_VERSION a',
      'FLUSH 3',
    ]);
  });

  test('sends a checkpoint at the next STATE after a FLUSH without one, for a target that commits at checkpoints', async () => {
    const pages = [1, 2, 3].flatMap((page) => [records('a', 5), records('a', 1), state(page)]);
    const flushes = (messages: readonly string[]) => messages.filter((message) => message.startsWith('FLUSH'));
    expect(flushes(await flushed(pages))).toEqual(['FLUSH none+', 'FLUSH 1+', 'FLUSH 2+', 'FLUSH 3']);
    expect(flushes(await flushed(pages, true))).toEqual([
      'FLUSH none+',
      'FLUSH 1',
      'FLUSH 1+',
      'FLUSH 2',
      'FLUSH 2+',
      'FLUSH 3',
    ]);
  });
});
