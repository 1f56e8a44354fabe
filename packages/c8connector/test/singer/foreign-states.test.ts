import { describe, expect, test } from 'vitest';
import type { Progress } from '../../src/interface/progress.ts';
import { stringifyValue } from '../../src/jsonl/values.ts';
import { parseState, readSingerState, singerState } from '../../src/singer/state.ts';

const run = 'now';
const whole = { from: null, to: null } as const;

/** What the bookmark of a stream, which another tap or an older version wrote, stands for. `syncing`: the run that wrote it was reading this stream. */
function read(bookmark: string, syncing?: 'a' | 'b') {
  const state = parseState(
    `{"currently_syncing":${syncing === undefined ? 'null' : `"${syncing}"`},"bookmarks":{"a":${bookmark}},"odd":{"n":9007199254740993}}`,
    'state.json',
  );
  const { streams, rest, isInterrupted } = readSingerState(state, run);
  expect(isInterrupted).toBe(syncing !== undefined);
  expect(rest.odd).toEqual({ n: 9007199254740993n });
  return { progress: streams.a, isKept: rest.bookmarks !== undefined, rest };
}

const copied = (version: number, by = ''): Progress => ({
  method: 'FULL_TABLE',
  phase: 'copied',
  copy: version,
  version,
  run: by,
});
const copying = (version: number, position: object): Progress => ({
  method: 'FULL_TABLE',
  phase: 'copying',
  copy: version,
  version,
  ranges: [{ ...whole, position: { ...position } }],
});
const increment = (version: number, more: object): Progress => ({
  method: 'INCREMENTAL',
  copy: version,
  version,
  replicationKey: 'id',
  ...more,
});
const following = (version: number, logPosition: object): Progress => ({
  method: 'LOG_BASED',
  phase: 'following',
  copy: version,
  version,
  logPosition: { ...logPosition },
});

describe('a stream is resumed from its bookmark if that has a position', () => {
  const cases: readonly (readonly [string, string, 'a' | 'b' | undefined, Progress])[] = [
    // Of older versions of ours.
    [
      'a position of ours, flat',
      '{"last_replication_method":"FULL_TABLE","version":5,"after":7,"of":{"x":[1]}}',
      'a',
      copying(5, { after: 7, of: { x: [1] } }),
    ],
    [
      'a position of a run that ended: the stream had failed',
      '{"last_replication_method":"FULL_TABLE","version":5,"after":7}',
      undefined,
      copying(5, { after: 7 }),
    ],
    [
      'a position beyond 2^53, as its text',
      '{"last_replication_method":"FULL_TABLE","version":5,"after":9007199254740993,"at":1.0}',
      'a',
      copying(5, { after: '9007199254740993', at: 1 }),
    ],
    [
      'copied by the run that is resumed',
      '{"last_replication_method":"FULL_TABLE","version":5,"is_complete":true}',
      'b',
      copied(5, run),
    ],
    [
      'copied by a run that ended',
      '{"last_replication_method":"FULL_TABLE","version":5,"is_complete":true}',
      undefined,
      copied(5),
    ],
    ['begun, and nothing of it is durable', '{"last_replication_method":"FULL_TABLE","version":5}', 'a', copied(5)],
    // Of the pipelinewise tap for PostgreSQL.
    [
      'PostgreSQL, copied',
      '{"last_replication_method":"FULL_TABLE","version":1795374610097,"xmin":null}',
      undefined,
      copied(1795374610097),
    ],
    [
      'PostgreSQL, INCREMENTAL',
      '{"last_replication_method":"INCREMENTAL","replication_key":"id","version":7,"replication_key_value":"2023-02-01T00:00:00+00:00"}',
      undefined,
      increment(7, { value: '2023-02-01T00:00:00+00:00' }),
    ],
    [
      'PostgreSQL, INCREMENTAL, begun',
      '{"last_replication_method":"INCREMENTAL","replication_key":"id","version":7}',
      'a',
      increment(7, {}),
    ],
    [
      'PostgreSQL, LOG_BASED',
      '{"last_replication_method":"LOG_BASED","lsn":27985896,"version":7,"xmin":null}',
      'b',
      following(7, { lsn: 27985896 }),
    ],
    [
      'PostgreSQL, LOG_BASED, of the last run',
      '{"last_replication_method":"LOG_BASED","lsn":9223372036854775807,"version":7}',
      undefined,
      following(7, { lsn: '9223372036854775807' }),
    ],
    // Of the pipelinewise tap for MySQL.
    [
      'MySQL, in a copy',
      '{"max_pk_values":{"id":3},"last_pk_fetched":{"id":2},"version":7}',
      'a',
      copying(7, { max_pk_values: { id: 3 }, last_pk_fetched: { id: 2 } }),
    ],
    [
      'MySQL, in a copy without a version',
      '{"max_pk_values":{"id":3},"last_pk_fetched":{"id":2}}',
      'a',
      copying(0, { max_pk_values: { id: 3 }, last_pk_fetched: { id: 2 } }),
    ],
    ['MySQL, copied', '{"initial_full_table_complete":true}', 'b', copied(0)],
    ['MySQL, copied, with a version', '{"version":7,"initial_full_table_complete":true}', undefined, copied(7)],
    ['MySQL, begun', '{"version":7}', 'a', copied(7)],
    [
      'MySQL, LOG_BASED',
      '{"version":7,"log_file":"binlog.000001","log_pos":3727}',
      undefined,
      following(7, { log_file: 'binlog.000001', log_pos: 3727 }),
    ],
    ['MySQL, LOG_BASED by GTID', '{"version":7,"gtid":"0-1-2"}', 'a', following(7, { gtid: '0-1-2' })],
    [
      'MySQL, LOG_BASED, in the copy before',
      '{"version":7,"log_file":"f","log_pos":4,"max_pk_values":{"id":3},"last_pk_fetched":{"id":2}}',
      'a',
      {
        method: 'LOG_BASED',
        phase: 'copying',
        copy: 7,
        version: 7,
        logPosition: { log_file: 'f', log_pos: 4 },
        ranges: [{ ...whole, position: { max_pk_values: { id: 3 }, last_pk_fetched: { id: 2 } } }],
      },
    ],
    // Of the Singer SDK.
    ['the SDK', '{"replication_key":"id","replication_key_value":12}', undefined, increment(0, { value: 12 })],
    [
      'the SDK, sorted, in a run',
      '{"replication_key":"id","replication_key_value":12,"starting_replication_value":3,"replication_key_signpost":"2026-01-01"}',
      'a',
      increment(0, { value: 12 }),
    ],
    [
      'the SDK, not sorted, interrupted: what it had before',
      '{"replication_key":"id","replication_key_value":12,"progress_markers":{"Note":"Progress is not resumable if interrupted.","replication_key":"id","replication_key_value":90}}',
      'a',
      increment(0, { value: 12 }),
    ],
    [
      'a key beyond 2^53',
      '{"replication_key":"id","replication_key_value":9007199254740993}',
      undefined,
      increment(0, { value: '9007199254740993', isNumber: true }),
    ],
    [
      'a decimal key, digit for digit',
      '{"replication_key":"id","replication_key_value":1234.50}',
      undefined,
      increment(0, { value: '1234.50', isNumber: true }),
    ],
    [
      'a text key of digits',
      '{"replication_key":"id","replication_key_value":"9007199254740993"}',
      undefined,
      increment(0, { value: '9007199254740993' }),
    ],
  ];
  test.each(cases)('%s: %s', (_, bookmark, syncing, progress) => {
    const found = read(bookmark, syncing);
    expect(found.progress).toEqual(progress);
    expect(found.isKept).toBe(false);
    expect(() => JSON.stringify(found.progress)).not.toThrow();
  });
});

describe('a bookmark that cannot be resumed is kept unchanged, and the stream starts over', () => {
  const cases: (readonly [string, string, 'a'?])[] = [
    ['PostgreSQL, in a copy', '{"last_replication_method":"FULL_TABLE","version":1700000000000,"xmin":745}', 'a'],
    ['PostgreSQL, in the copy before a log', '{"last_replication_method":"LOG_BASED","lsn":5,"version":7,"xmin":745}'],
    ['PostgreSQL, nothing of that copy yet', '{"last_replication_method":"LOG_BASED","lsn":5,"version":7}', 'a'],
    ['PostgreSQL, a log without a position', '{"last_replication_method":"LOG_BASED","version":7}', 'a'],
    ['MySQL, a file without an offset in it', '{"version":7,"log_file":"binlog.000001"}'],
    [
      'the SDK, not sorted, in its first run',
      '{"progress_markers":{"Note":"Progress is not resumable if interrupted.","replication_key":"id","replication_key_value":90}}',
      'a',
    ],
    [
      'the SDK, not sorted, with the key',
      '{"replication_key":"id","progress_markers":{"replication_key":"id","replication_key_value":90}}',
      'a',
    ],
    [
      'the SDK, by partitions',
      '{"partitions":[{"context":{"repo":"x"},"replication_key":"id","replication_key_value":1}]}',
    ],
    ['Slack, a channel each', '{"C0123":"2026-01-31T00:00:00","C0124":"2026-02-01T00:00:00"}'],
    ['Slack, users', '{"updated":"2026-01-31T00:00:00"}'],
    ['an INCREMENTAL bookmark with an unknown key', '{"replication_key":"id","replication_key_value":1,"page":2}'],
    ['a key that is not a name', '{"replication_key":["id"],"replication_key_value":1}'],
    ['an unknown method', '{"last_replication_method":"SNAPSHOT","version":7}'],
    ['a version that is not one', '{"last_replication_method":"FULL_TABLE","version":"7","after":9007199254740993}'],
    ['a version beyond 2^53', '{"last_replication_method":"FULL_TABLE","version":9007199254740993,"after":1.50}'],
    ['ranges that are not', '{"last_replication_method":"FULL_TABLE","version":7,"ranges":[{"from":1}]}'],
    ['ranges of nothing', '{"last_replication_method":"FULL_TABLE","version":7,"ranges":[]}'],
    ['a log position that is not', '{"last_replication_method":"LOG_BASED","version":7,"log_position":3}'],
    ['a page that is not', '{"last_replication_method":"INCREMENTAL","replication_key":"id","c8_position":3}'],
  ];
  const named = cases.map(([name, bookmark, syncing]) => ({ name, bookmark, syncing }));
  test.each(named)('$name: $bookmark', ({ bookmark, syncing }) => {
    const { progress, isKept, rest } = read(bookmark, syncing);
    expect(progress).toBeUndefined();
    expect(isKept).toBe(true);
    const again = stringifyValue(singerState({ streams: {}, rest }).bookmarks);
    expect(again).toBe(`{"a":${bookmark}}`);
  });
});

test.each([
  '{}',
  '{"last_replication_method":"FULL_TABLE"}',
  '{"last_replication_method":"LOG_BASED"}',
  '{"starting_replication_value":null}',
])('an empty bookmark causes no warning: %s', (bookmark) => {
  expect(read(bookmark, 'b')).toMatchObject({ progress: undefined, isKept: false });
});

test.each([
  ['{"a":{"replication_key":"id","replication_key_value":9007199254740993}}', '9007199254740993}'],
  ['{"a":{"replication_key":"id","replication_key_value":"9007199254740993"}}', '"9007199254740993"}'],
  ['{"a":{"replication_key":"id","replication_key_value":1234.50}}', '1234.50}'],
  [
    '{"a":{"last_replication_method":"LOG_BASED","version":7,"lsn":9223372036854775807,"xmin":null}}',
    '"lsn":9223372036854775807}',
  ],
])('numbers stay numbers, and texts texts: %s', (bookmarks, end) => {
  const read = readSingerState(parseState(`{"bookmarks":${bookmarks}}`, 'state.json'), run);
  const copy = JSON.parse(JSON.stringify(read.streams)) as typeof read.streams;
  expect(stringifyValue(singerState({ streams: copy, rest: {} }).bookmarks)).toContain(end);
});

describe('the states that the reference recorded', () => {
  const log = (version: number, lsn: number) => following(version, { lsn });
  const binlog = (version: number, offset: number) =>
    following(version, { log_file: 'binlog.000001', log_pos: offset });
  const cases: readonly (readonly [string, Readonly<Record<string, Progress>>, readonly string[]])[] = [
    [
      '{"bookmarks": {"public-lb": {"last_replication_method": "LOG_BASED", "lsn": 27985896, "version": 1795374666177, "xmin": null}, "public-toasty": {"last_replication_method": "LOG_BASED", "lsn": 27985896, "version": 1795374666324, "xmin": null}}, "currently_syncing": null}',
      { 'public-lb': log(1795374666177, 27985896), 'public-toasty': log(1795374666324, 27985896) },
      [],
    ],
    [
      '{"bookmarks": {"public-lb": {"last_replication_method": "LOG_BASED", "lsn": 27985896, "version": 1795374666177, "xmin": null}, "public-toasty": {"last_replication_method": "LOG_BASED", "lsn": 27985896, "version": 1795374666324}}, "currently_syncing": "public-toasty"}',
      { 'public-lb': log(1795374666177, 27985896) },
      ['public-toasty'],
    ],
    [
      '{"currently_syncing": null, "bookmarks": {"gold-all_types": {"version": 1795375056067, "log_file": "binlog.000001", "log_pos": 3727}, "gold-nopk": {"version": 1795375056088, "log_file": "binlog.000001", "log_pos": 3727}}}',
      { 'gold-all_types': binlog(1795375056067, 3727), 'gold-nopk': binlog(1795375056088, 3727) },
      [],
    ],
    [
      '{"currently_syncing": "gold-nopk", "bookmarks": {"gold-all_types": {"initial_full_table_complete": true}, "gold-nopk": {"initial_full_table_complete": true}}}',
      { 'gold-all_types': copied(0), 'gold-nopk': copied(0) },
      [],
    ],
    [
      '{"bookmarks": {"public-cities": {"last_replication_method": "FULL_TABLE", "version": 1795374610097}, "public-no_pk": {"last_replication_method": "FULL_TABLE"}}, "currently_syncing": "public-cities"}',
      { 'public-cities': copied(1795374610097) },
      [],
    ],
    [
      '{"bookmarks": {"public-cities": {"last_replication_method": "FULL_TABLE", "version": 1700000000000, "xmin": 745}}, "currently_syncing": "public-cities"}',
      {},
      ['public-cities'],
    ],
    ['{"currently_syncing": "gold-all_types"}', {}, []],
  ];
  test.each(cases)('%s', (text, streams, kept) => {
    const read = readSingerState(parseState(text, 'state.json'), run);
    expect(read.streams).toEqual(streams);
    expect(Object.keys(read.rest.bookmarks ?? {})).toEqual(kept);
  });
});
