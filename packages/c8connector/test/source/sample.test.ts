import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ConnectionError, DataError, defineSource, type Log, type Stream, silentLog } from '../../src/index.ts';

/** A stream whose read gives this many rows and then ends, waits without looking at its signal, waits until it is aborted, or fails. */
interface TroubledStream extends Stream {
  readonly rows: number;
  readonly then: 'ends' | 'hangs' | 'waits' | 'fails';
}

type Troubles = Readonly<Record<string, readonly [number, TroubledStream['then']]>>;

const ended: string[] = [];

class TroubledSource extends defineSource({
  package: { name: 'c8-source-troubled', version: '1.0.0' },
  name: 'Troubled',
  description: 'Some of its streams give no rows, or not for long.',
  config: {
    streams: { type: 'object', displayName: 'Streams', description: 'Rows and end of each stream.', isMandatory: true },
  },
  discover: ({ config }): TroubledStream[] =>
    Object.entries(config.streams as Troubles).map(([id, [rows, then]]) => ({
      id,
      rows,
      then,
      schema: { properties: { n: {} } },
    })),
  async *read({ id, rows, then }, { signal, milliseconds }) {
    expect(milliseconds).toBe(10_000);
    try {
      for (let n = 0; n < rows; n++) yield { rows: [{ n }] };
      if (then === 'fails') throw new DataError(`${id} is broken`, { code: 'value_refused', details: { stream: id } });
      if (then === 'hangs') await new Promise(() => undefined);
      if (then === 'waits') await new Promise((resolve) => signal.addEventListener('abort', resolve));
    } finally {
      ended.push(id);
    }
  },
}) {}

/** The rows of each sample, the warnings, and the milliseconds that it took. */
async function samplesOf(streams: Troubles) {
  const warnings: string[] = [];
  const log: Log = { ...silentLog, warn: (message) => warnings.push(message) };
  const startedAt = performance.now();
  const outcome = new TroubledSource().samples({ streams }, { log }).then(
    (samples) => ({
      rows: Object.fromEntries(samples.map(({ schema, data }) => [schema.name, data.length])),
      warnings,
      took: performance.now() - startedAt,
    }),
    (error: unknown) => ({ error }),
  );
  await vi.advanceTimersByTimeAsync(60_000);
  return await outcome;
}

beforeEach(() => {
  vi.useFakeTimers();
  ended.length = 0;
});

afterEach(() => {
  vi.useRealTimers();
});

test.each([
  ['hangs', []],
  ['waits', ['locked']],
] as const)(
  'a stream that %s hides no other sample, reports why it has none, and is ended',
  async (then, endedThen) => {
    const others = Object.fromEntries(
      Array.from({ length: 8 }, (_, index) => [`other ${index}`, [3, 'ends'] as const]),
    );
    const found = await samplesOf({ locked: [0, then], ...others, broken: [0, 'fails'] });
    expect(found).toEqual({
      rows: { locked: 0, ...Object.fromEntries(Object.keys(others).map((id) => [id, 3])), broken: 0 },
      warnings: [
        'no sample of broken: broken is broken',
        "no sample of locked: stream 'locked' gave no row within 10 seconds",
      ],
      took: 10_000,
    });
    expect(ended.filter((id) => id === 'locked')).toEqual(endedThen);
  },
);

test('the sample is the rows that came within ten seconds', async () => {
  expect(await samplesOf({ slow: [3, 'hangs'], other: [20, 'hangs'] })).toMatchObject({
    rows: { slow: 3, other: 10 },
    warnings: [],
    took: 10_000,
  });
});

test('when no stream has a sample the first error is thrown', async () => {
  const { error } = (await samplesOf({ locked: [0, 'waits'] })) as { error: unknown };
  expect(error).toBeInstanceOf(ConnectionError);
  expect(error).toMatchObject({
    code: 'connection_timeout',
    details: { stream: 'locked' },
    remedy: expect.stringContaining('lock'),
  });
});
