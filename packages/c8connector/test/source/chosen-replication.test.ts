import { describe, expect, test } from 'vitest';
import { type CatalogEntry, type Stream, silentLog } from '../../src/index.ts';
import { selectFrom } from '../../src/source/selection.ts';

const columns = { id: { type: 'integer' }, updated_at: { type: 'string', format: 'date-time' }, total: {} };
const schema = { type: 'object', properties: columns };

type Replication = NonNullable<Stream['replication']>;
const whole: Replication | undefined = undefined;
const both: Replication = { methods: ['FULL_TABLE', 'INCREMENTAL'], keys: ['updated_at', 'id'] };
const oneKey: Replication = { methods: ['INCREMENTAL', 'FULL_TABLE'], keys: ['updated_at'] };
const anyKey: Replication = { methods: ['FULL_TABLE', 'INCREMENTAL'] };
const explained: Replication = { ...both, reasons: { LOG_BASED: 'the changes of a view are not in the log' } };
const forced: Replication = { methods: ['INCREMENTAL', 'FULL_TABLE'], keys: ['id'], isForced: true };

interface Said {
  /** Of the stream, in its metadata. */
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** At the top of its entry. */
  readonly top?: Readonly<Record<string, unknown>>;
  readonly deselected?: readonly string[];
}

/** How the one stream of a source is read when its catalog says this. */
function choose(replication: Replication | undefined, { metadata = {}, top = {}, deselected = [] }: Said) {
  const stream: Stream = { id: 'orders', schema, ...(replication === undefined ? {} : { replication }) };
  const entry: CatalogEntry = {
    tap_stream_id: 'orders',
    stream: 'orders',
    schema,
    metadata: [
      { breadcrumb: [], metadata: { selected: true, ...metadata } },
      ...deselected.map((name) => ({ breadcrumb: ['properties', name], metadata: { selected: false } })),
    ],
    ...top,
  };
  const [selected] = selectFrom([stream], { streams: [entry] }, silentLog);
  if (selected === undefined) throw new Error('it was not selected');
  return selected;
}

const method = (name: unknown, key?: unknown) => ({
  metadata: { 'replication-method': name, ...(key === undefined ? {} : { 'replication-key': key }) },
});
const full = { method: 'FULL_TABLE' };
const by = (replicationKey: string) => ({ method: 'INCREMENTAL', replicationKey });

describe('a stream is read by the method in its catalog, otherwise by the one its source prefers', () => {
  test.each<[string, Replication | undefined, Said, object]>([
    ['nobody says anything', whole, {}, full],
    ['the source prefers', both, {}, full],
    ['the source prefers a method by its only key', oneKey, {}, by('updated_at')],
    ['the user chooses', oneKey, method('FULL_TABLE'), full],
    ['a key of several', both, method('INCREMENTAL', 'id'), by('id')],
    ['the only key need not be named', oneKey, method('INCREMENTAL'), by('updated_at')],
    ['any column, where the source names none', anyKey, method('INCREMENTAL', 'total'), by('total')],
    ['a key that the method does not go by', both, method('FULL_TABLE', 'id'), full],
    ['at the top of the entry', both, { top: { replication_method: 'INCREMENTAL', replication_key: 'id' } }, by('id')],
    [
      'the metadata before the top',
      both,
      { ...method('INCREMENTAL', 'id'), top: { replication_method: 'FULL_TABLE', replication_key: 'updated_at' } },
      by('id'),
    ],
    ['null says nothing', both, { ...method(null, null), top: { replication_key: 'id' } }, full],
    ['what the source forces', forced, {}, by('id')],
    ['the same as what it forces', forced, method('INCREMENTAL', 'id'), by('id')],
    [
      'what the catalog says is forced',
      both,
      { metadata: { 'forced-replication-method': 'INCREMENTAL', 'replication-key': 'id' } },
      by('id'),
    ],
  ])('%s', (_, replication, said, chosen) => {
    expect(choose(replication, said).replication).toEqual(chosen);
  });
});

describe('what cannot be done is an error that names the stream and what to do', () => {
  test.each<[string, Replication | undefined, Said, RegExp]>([
    ['method_unsupported', whole, method('INCREMENTAL', 'id'), /replication-method "INCREMENTAL".*use FULL_TABLE$/],
    ['method_unsupported', both, method('LOG_BASED'), /"LOG_BASED".*use FULL_TABLE or INCREMENTAL$/],
    [
      'method_unsupported',
      explained,
      method('LOG_BASED'),
      /is not supported: the changes of a view are not in the log; use FULL_TABLE or/,
    ],
    ['method_unsupported', both, method('incremental'), /"incremental".*use FULL_TABLE or INCREMENTAL$/],
    ['method_unsupported', both, { top: { replication_method: 'ALL' } }, /replication_method "ALL"/],
    ['method_unsupported', forced, method('FULL_TABLE'), /"FULL_TABLE".*use INCREMENTAL$/],
    ['method_unsupported', both, { metadata: { 'forced-replication-method': 'LOG_BASED' } }, /forced.*"LOG_BASED"/],
    [
      'catalog_invalid',
      both,
      { metadata: { 'forced-replication-method': 'FULL_TABLE', 'replication-method': 'INCREMENTAL' } },
      /replication-method is INCREMENTAL, but forced-replication-method is FULL_TABLE; choose FULL_TABLE/,
    ],
    ['catalog_invalid', both, method('INCREMENTAL'), /INCREMENTAL needs a replication-key; use updated_at or id$/],
    [
      'catalog_invalid',
      both,
      method('INCREMENTAL', 'total'),
      /replication-key "total" cannot .*; use updated_at or id$/,
    ],
    ['catalog_invalid', both, method('INCREMENTAL', 'updatedat'), /"updatedat".*did you mean 'updated_at'\?$/],
    ['catalog_invalid', oneKey, method('INCREMENTAL', 'id'), /"id" cannot .*; use updated_at$/],
    ['catalog_invalid', anyKey, method('INCREMENTAL', 'tota'), /"tota".*did you mean 'total'\?$/],
    ['catalog_invalid', both, method('INCREMENTAL', ['id']), /replication-key \["id"\] cannot/],
    [
      'catalog_invalid',
      both,
      { top: { replication_method: 'INCREMENTAL', replication_key: 'x' } },
      /replication_key "x"/,
    ],
  ])('%s: %j %j', (code, replication, said, message) => {
    expect(() => choose(replication, said)).toThrow(
      expect.objectContaining({
        name: 'ConfigError',
        code,
        message: expect.stringMatching(message),
        details: { stream: 'orders' },
        remedy: expect.any(String),
      }),
    );
    expect(() => choose(replication, said)).toThrow("stream 'orders'");
  });
});

test('the replication key is read though it was deselected, but only by a method that uses it', () => {
  const deselected = ['updated_at', 'total'];
  expect(choose(oneKey, { ...method('INCREMENTAL'), deselected }).columns).toEqual(['id', 'updated_at']);
  expect(choose(oneKey, { ...method('FULL_TABLE'), deselected }).columns).toEqual(['id']);
});
