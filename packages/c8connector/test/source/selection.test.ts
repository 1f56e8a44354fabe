import { describe, expect, test } from 'vitest';
import { type CatalogEntry, type Log, neverStop, silentLog, type ValueSchema } from '../../src/index.ts';
import { MemorySource } from '../fixtures/memory-source.ts';

const schema = { type: 'object', properties: { id: { type: 'integer' }, x: {}, y: {}, z: {} } };
const row = { id: 1, x: 'x', y: 'y', z: 'z' };
const config = {
  password: 'open sesame',
  streams: { table: { schema, keyProperties: ['id'], rows: [row] }, view: { schema, isView: true, rows: [row] } },
};

type Changes = Partial<CatalogEntry> & { readonly stream?: string };

const ofStream = (metadata: object) => ({ breadcrumb: [], metadata: { ...metadata } });
const of = (breadcrumb: readonly string[], metadata: object) => ({ breadcrumb, metadata: { ...metadata } });
const ofColumn = (column: string, metadata: object) => of(['properties', column], metadata);

/** The columns of the SCHEMA and of the one record, the key and what was logged, when this is all that the catalog holds. */
async function readWith({ stream = 'table', ...entry }: Changes) {
  const catalog = {
    streams: [{ tap_stream_id: stream, stream, schema, metadata: [ofStream({ selected: true })], ...entry }],
  };
  const warnings: string[] = [];
  const log: Log = { ...silentLog, warn: (message) => warnings.push(message) };
  const { graceful: signal } = neverStop();
  const found = { columns: '', record: '', key: '', warnings };
  for await (const message of new MemorySource().read({ config, catalog, exact: 'number', signal, log })) {
    if (message.type === 'SCHEMA') {
      found.columns = Object.keys(message.schema.properties).join(' ');
      found.key = message.keyProperties.join(' ');
    }
    if (message.type === 'RECORDS') found.record = Object.keys(message.rows()[0] ?? {}).join(' ');
  }
  return found;
}

/** The schema of an old catalog, which has the selection in it. */
function legacy(stream: object, columns: Readonly<Record<string, ValueSchema>> = {}): Changes {
  const properties = Object.fromEntries(
    Object.entries(schema.properties).map(([name, property]) => [name, { ...property, ...columns[name] }]),
  );
  return { schema: { ...schema, ...stream, properties: { ...columns, ...properties } }, metadata: [] };
}

const selected = ofStream({ selected: true });

describe('the columns that a catalog selects are those of the SCHEMA and of the records', () => {
  const cases: readonly (readonly [string, Changes, string])[] = [
    ['a stream, and nothing said of columns', {}, 'id x y z'],
    ['a stream by text', { metadata: [ofStream({ selected: 'true' })] }, 'id x y z'],
    ["a stream by the text of Python's str()", { metadata: [ofStream({ selected: 'True' })] }, 'id x y z'],
    ['no stream, by text', { metadata: [ofStream({ selected: 'false' })] }, ''],
    ['no stream, though it would be by default', { metadata: [ofStream({ 'selected-by-default': true })] }, ''],
    [
      'no stream, its metadata before its schema',
      { ...legacy({ selected: true }), metadata: [ofStream({ selected: false })] },
      '',
    ],
    ['a stream in its schema', legacy({ selected: true }), 'id x y z'],
    ['a stream in its schema, by text', legacy({ selected: 'true' }), 'id x y z'],
    [
      'a stream in its schema, where the metadata is null',
      { ...legacy({ selected: true }), metadata: [ofStream({ selected: null })] },
      'id x y z',
    ],
    ['columns', { metadata: [selected, ofColumn('y', { selected: false })] }, 'id x z'],
    ['columns by text', { metadata: [selected, ofColumn('y', { selected: 'false' })] }, 'id x z'],
    ['columns in the schema', legacy({ selected: true }, { y: { selected: false } }), 'id x z'],
    ['columns in the schema, by text', legacy({ selected: true }, { y: { selected: 'False' } }), 'id x z'],
    [
      'columns in the schema, of a stream in the metadata',
      { ...legacy({}, { y: { selected: false } }), metadata: [selected] },
      'id x z',
    ],
    [
      'columns by their metadata before their schema',
      {
        ...legacy({}, { x: { selected: false }, y: { selected: true } }),
        metadata: [selected, ofColumn('x', { selected: true }), ofColumn('y', { selected: false })],
      },
      'id x z',
    ],
    ['columns by default', { metadata: [selected, ofColumn('y', { 'selected-by-default': false })] }, 'id x z'],
    [
      'columns, though not by default',
      { metadata: [selected, ofColumn('y', { selected: true, 'selected-by-default': false })] },
      'id x y z',
    ],
    [
      'columns in two entries',
      { metadata: [selected, ofColumn('y', { selected: false }), ofColumn('y', { 'sql-datatype': 'text' })] },
      'id x z',
    ],
    ['the key in any case', { metadata: [selected, ofColumn('id', { selected: false })] }, 'id x y z'],
    ['the key in any case, in the schema', legacy({ selected: true }, { id: { selected: false } }), 'id x y z'],
    [
      'the key that the user gives a view',
      {
        stream: 'view',
        metadata: [ofStream({ selected: true, 'view-key-properties': ['y'] }), ofColumn('y', { selected: false })],
      },
      'id x y z',
    ],
    [
      'what came since, and what is gone and was not asked for',
      {
        schema: { ...schema, properties: { id: {}, gone: {} } },
        metadata: [selected, ofColumn('gone', { selected: false })],
      },
      'id x y z',
    ],
    [
      'nested columns that are selected',
      { metadata: [selected, of(['properties', 'x', 'properties', 'a'], { selected: true })] },
      'id x y z',
    ],
    [
      'nested columns of one that is not',
      {
        metadata: [
          selected,
          ofColumn('x', { selected: false }),
          of(['properties', 'x', 'properties', 'a'], { selected: false }),
        ],
      },
      'id y z',
    ],
  ];
  test.each(cases)('%s', async (_, changes, columns) => {
    expect(await readWith(changes)).toMatchObject({ columns, record: columns });
  });
});

describe('the key of the SCHEMA is that of the source, or that of the catalog for a stream without one', () => {
  const cases: readonly (readonly [string, Changes, string, RegExp | undefined])[] = [
    ['that of the source', {}, 'id', undefined],
    ['none', { stream: 'view' }, '', undefined],
    [
      'of the user',
      { stream: 'view', metadata: [ofStream({ selected: true, 'view-key-properties': ['x', 'y'] })] },
      'x y',
      undefined,
    ],
    ['the same by both', { metadata: [ofStream({ selected: true, 'view-key-properties': ['id'] })] }, 'id', undefined],
    ['nobody gives one', { metadata: [ofStream({ selected: true, 'view-key-properties': [] })] }, 'id', undefined],
    [
      'another one since the catalog was made',
      { metadata: [ofStream({ selected: true, 'table-key-properties': ['x'] })] },
      'id',
      /key was x when .* now id/,
    ],
    ['another one since, as old catalogs have it', { key_properties: ['x'] }, 'id', /key was x/],
    [
      'gone since the catalog was made',
      { stream: 'view', metadata: [ofStream({ selected: true, 'table-key-properties': ['x'] })] },
      '',
      /none now; view-key-properties/,
    ],
  ];
  test.each(cases)('%s', async (_, changes, key, warning) => {
    const found = await readWith(changes);
    expect(found.key).toBe(key);
    expect(found.warnings).toEqual(warning === undefined ? [] : [expect.stringMatching(warning)]);
  });
});

describe('FULL_TABLE is used wherever the catalog sets it', () => {
  test.each([
    [{ metadata: [ofStream({ selected: true, 'replication-method': 'FULL_TABLE' })] }],
    [{ metadata: [ofStream({ selected: true, 'forced-replication-method': 'FULL_TABLE' })] }],
    [
      {
        metadata: [
          ofStream({
            selected: true,
            'forced-replication-method': { 'replication-method': 'FULL_TABLE', reason: 'small' },
          }),
        ],
      },
    ],
    [{ replication_method: 'FULL_TABLE' }],
    [
      {
        replication_method: 'INCREMENTAL',
        metadata: [ofStream({ selected: true, 'replication-method': 'FULL_TABLE' })],
      },
    ],
    [{ replication_method: null }],
  ])('%j', async (changes) => {
    expect(await readWith(changes)).toMatchObject({ record: 'id x y z' });
  });
});

describe('settings that cannot be followed are refused, with the names of the stream and the catalog entry', () => {
  const metadataOf = (metadata: object) => ({ metadata: [ofStream({ selected: true, ...metadata })] });
  const cases: readonly (readonly [string, Changes, RegExp])[] = [
    ['method_unsupported', metadataOf({ 'replication-method': 'INCREMENTAL' }), /replication-method "INCREMENTAL"/],
    [
      'method_unsupported',
      metadataOf({ 'forced-replication-method': 'LOG_BASED' }),
      /forced-replication-method "LOG_BASED"/,
    ],
    [
      'method_unsupported',
      metadataOf({ 'forced-replication-method': { 'replication-method': 'INCREMENTAL' } }),
      /forced-replication-method "INCREMENTAL"/,
    ],
    [
      'method_unsupported',
      metadataOf({ 'forced-replication-method': 'INCREMENTAL', 'replication-method': 'FULL_TABLE' }),
      /forced/,
    ],
    [
      'method_unsupported',
      metadataOf({ 'forced-replication-method': 'FULL_TABLE', 'replication-method': 'INCREMENTAL' }),
      /INCREMENTAL/,
    ],
    ['method_unsupported', { replication_method: 'INCREMENTAL' }, /replication_method "INCREMENTAL"/],
    ['method_unsupported', { metadata: [selected, ofStream({ 'replication-method': 'INCREMENTAL' })] }, /INCREMENTAL/],
    ['method_unsupported', metadataOf({ 'replication-method': 'full_table' }), /"full_table"/],
    ['catalog_invalid', metadataOf({ selected: 'yes' }), /selected is "yes"/],
    ['catalog_invalid', metadataOf({ selected: 1 }), /selected is 1/],
    ['catalog_invalid', legacy({ selected: 'on' }), /selected is "on"/],
    ['catalog_invalid', { metadata: [selected, ofColumn('y', { selected: 'no' })] }, /column 'y': selected is "no"/],
    ['catalog_invalid', legacy({ selected: true }, { y: { selected: 0 } }), /column 'y': selected is 0/],
    [
      'catalog_invalid',
      { metadata: [selected, of(['properties', 'x', 'properties', 'a'], { selected: false })] },
      /'x\.a' is deselected.*deselect 'x'/,
    ],
    ['catalog_invalid', metadataOf({ 'view-key-properties': ['x'] }), /view-key-properties is x.*key id/],
    [
      'catalog_invalid',
      { ...metadataOf({ 'view-key-properties': 'x' }), stream: 'view' },
      /view-key-properties is not a list/,
    ],
    [
      'column_unknown',
      { ...metadataOf({ 'view-key-properties': ['idd'] }), stream: 'view' },
      /no column 'idd'; did you mean 'id'/,
    ],
    ['column_unknown', { metadata: [selected, ofColumn('xx', { selected: true })] }, /no column 'xx'/],
    ['column_unknown', { metadata: [selected, ofColumn('xx', { selected: 'true' })] }, /no column 'xx'/],
    ['column_unknown', legacy({ selected: true }, { xx: { selected: true } }), /no column 'xx'/],
  ];
  test.each(cases)('%s: %j', async (code, changes, message) => {
    await expect(readWith(changes)).rejects.toMatchObject({
      code,
      exitCode: 2,
      message: expect.stringMatching(message),
      details: { stream: changes.stream ?? 'table' },
      remedy: expect.any(String),
    });
  });
});
