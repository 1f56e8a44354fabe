import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ConnectionState, Progress } from '../../src/interface/progress.ts';
import { plainValue } from '../../src/jsonl/plain-value.ts';
import { numberOf, parseValue, stringifyValue } from '../../src/jsonl/values.ts';
import { parseState, readSingerState, singerState } from '../../src/singer/state.ts';

const run = 'now';

/** Keys that a source could use, those among them that mean something in a bookmark of ours or of another tap. */
const keys = fc.constantFrom(
  ...[
    'after',
    'id',
    'lsn',
    'log_pos',
    'log_file',
    'gtid',
    'xmin',
    'version',
    'copy',
    'ranges',
    'session',
    'is_complete',
  ],
  ...['last_replication_method', 'replication_key', 'replication_key_value', 'progress_markers', 'partitions'],
  ...['max_pk_values', 'last_pk_fetched', 'initial_full_table_complete', 'log_position', 'c8_position', '__proto__'],
);
const json = fc
  .oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom('9007199254740993', '-9223372036854775808', '12.50', '1e400'))
  // As progress has it: no -0, and no number beyond 2^53.
  .map((value) => plainValue(parseValue(JSON.stringify(value))));
const position = fc.dictionary(keys, json, { maxKeys: 3 });
const range = fc
  .record({ from: json, to: json, position: fc.option(position, { nil: undefined }), isDone: fc.boolean() })
  .map(({ from, to, position: at, isDone }) => ({
    from,
    to,
    ...(isDone ? { isDone: true as const } : at === undefined ? {} : { position: at }),
  }));
const wholeRange = range.map((one) => ({ ...one, from: null, to: null }));
const copying = fc.record({
  phase: fc.constant('copying' as const),
  ranges: fc.oneof(fc.tuple(wholeRange), fc.array(range, { minLength: 1, maxLength: 3 })),
  session: fc.option(fc.string(), { nil: undefined }),
});
const versions = fc
  .tuple(fc.integer({ min: 1, max: 2 ** 52 }), fc.integer({ min: 1 }), fc.boolean())
  .map(([copy, other, isTruncated]) => ({ copy, version: isTruncated ? other : copy }));
const value = fc.oneof(
  json.filter((one) => one !== null).map((one) => ({ value: one })),
  fc
    .oneof(fc.bigInt().map(String), fc.constantFrom('1234.50', '0.10', '1e400', '-0'))
    .filter((text) => typeof numberOf(text) !== 'number')
    .map((text) => ({ value: text, isNumber: true as const })),
  fc.constant({}),
);
const progress: fc.Arbitrary<Progress> = fc
  .oneof(
    fc.tuple(fc.constant({ method: 'FULL_TABLE' }), versions, copying),
    fc.tuple(
      fc.constant({ method: 'FULL_TABLE', phase: 'copied' }),
      versions,
      fc.record({ run: fc.constantFrom(run, 'before') }),
    ),
    fc.tuple(
      fc.record({ method: fc.constant('INCREMENTAL'), replicationKey: fc.string() }),
      versions,
      fc.tuple(value, fc.option(position, { nil: undefined })).map(([of, at]) => ({ ...of, position: at })),
    ),
    fc.tuple(fc.record({ method: fc.constant('LOG_BASED'), logPosition: position }), versions, copying),
    fc.tuple(
      fc.record({ method: fc.constant('LOG_BASED'), logPosition: position }),
      versions,
      fc.constant({ phase: 'following' }),
    ),
  )
  // Without the members that are undefined.
  .map((parts) => JSON.parse(JSON.stringify(Object.assign({}, ...parts))) as Progress);

/** A stream that has progress has no bookmark that is carried along. */
const streamName = fc.oneof(fc.string(), fc.constantFrom('__proto__', 'a', 'b', 'c')).filter((name) => name !== 'zz');

const states: fc.Arbitrary<ConnectionState> = fc.record({
  connection: fc.constant('c'),
  generation: fc.constant(1),
  lastVersion: fc.constant(1),
  lastEpoch: fc.constant(1),
  streams: fc.dictionary(streamName, progress, { maxKeys: 5 }),
  rest: fc.constantFrom({}, { odd: { n: 9007199254740993n } }, { bookmarks: { zz: { partitions: [{ n: 1.5 }] } } }),
  run: fc.option(fc.constant({ id: run }), { nil: undefined }),
} as never);

/** What does not come back, and need not: both are started over, as they would be. */
function afterHarmlessLoss(one: Progress, isInterrupted: boolean): Progress {
  if (one.method !== 'FULL_TABLE') return one;
  const { method, copy, version } = one;
  const begunAnew = { method, phase: 'copied', copy, version, run: '' } as const;
  // 1. That another run has copied a stream: which one is not in Singer's state. Nor is any run in it that names no stream.
  if (one.phase === 'copied') return one.run === run && isInterrupted ? one : begunAnew;
  // 2. A copy of which nothing is durable.
  const [only, ...others] = one.ranges;
  const isWhole = only?.from === null && only.to === null && others.length === 0;
  return isWhole && only.isDone !== true && only.position === undefined && one.session === undefined ? begunAnew : one;
}

test('Singer state restores every progress, except for two harmless losses', () => {
  fc.assert(
    fc.property(states, fc.option(fc.constantFrom('a', 'b')), (state, syncing) => {
      const text = stringifyValue(singerState(state, syncing));
      const { streams, rest, isInterrupted } = readSingerState(parseState(text, 'state.json'), run);
      const expected = Object.entries(state.streams).map(([id, one]) => [id, afterHarmlessLoss(one, isInterrupted)]);
      expect(streams).toEqual(Object.fromEntries(expected));
      expect(rest).toEqual(state.rest);
      if (state.run === undefined) expect(isInterrupted).toBe(false);
      else if (Object.values(state.streams).some((one) => 'phase' in one && one.phase === 'copying'))
        expect(isInterrupted).toBe(true);
      if (isInterrupted !== (state.run !== undefined)) return;
      // What was read is written again as the same text.
      const again = { streams, rest, ...(state.run === undefined ? {} : { run: state.run }) };
      expect(stringifyValue(singerState(again, JSON.parse(text).currently_syncing))).toBe(text);
    }),
    { numRuns: process.env.C8_SOAK ? 5000 : 1000 },
  );
});
