import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StreamReplication, ValueSchema } from '../../src/interface/stream.ts';
import { Decimal } from '../../src/interface/value.ts';
import { stringifyValue } from '../../src/jsonl/values.ts';
import { catalogOf, exactCatalog, parseCatalog } from '../../src/singer/catalog.ts';

describe('catalogOf', () => {
  it('writes what the source found as Singer metadata, in the order of the ids, with nothing selected', () => {
    const catalog = catalogOf([
      { id: 'public-view', schema: { properties: { id: { type: 'integer' } } }, isView: true },
      {
        id: 'public-cities',
        tableName: 'cities',
        schemaName: 'public',
        databaseName: 'gold',
        isView: false,
        rowCount: 3,
        keyProperties: ['id'],
        schema: { properties: { id: { type: 'integer' }, name: { type: ['string', 'null'] } } },
        columnTypes: { id: 'integer', name: 'character varying' },
      },
    ]);
    expect(catalog.streams.map((entry) => entry.tap_stream_id)).toEqual(['public-cities', 'public-view']);
    expect(catalog.streams[0]).toEqual({
      tap_stream_id: 'public-cities',
      stream: 'public-cities',
      table_name: 'cities',
      key_properties: ['id'],
      schema: { properties: { id: { type: 'integer' }, name: { type: ['string', 'null'] } } },
      metadata: [
        {
          breadcrumb: [],
          metadata: {
            inclusion: 'available',
            'table-key-properties': ['id'],
            'schema-name': 'public',
            'database-name': 'gold',
            'is-view': false,
            'row-count': 3,
          },
        },
        {
          breadcrumb: ['properties', 'id'],
          metadata: { inclusion: 'automatic', 'selected-by-default': true, 'sql-datatype': 'integer' },
        },
        {
          breadcrumb: ['properties', 'name'],
          metadata: { inclusion: 'available', 'selected-by-default': true, 'sql-datatype': 'character varying' },
        },
      ],
    });
    expect(catalog.streams[1]?.metadata[0]).toEqual({
      breadcrumb: [],
      metadata: { inclusion: 'available', 'is-view': true },
    });
  });
});

describe('the replication methods of a catalog', () => {
  const schema = { properties: { id: { type: 'integer' } } };
  const metadataOf = (replication?: StreamReplication) => {
    const [entry] = catalogOf([{ id: 'a', schema, ...(replication === undefined ? {} : { replication }) }]).streams;
    const { inclusion: _, 'table-key-properties': __, ...rest } = entry?.metadata[0]?.metadata ?? {};
    return rest;
  };
  it.each<[string, StreamReplication | undefined, object]>([
    ['nothing of a stream that is copied whole', undefined, {}],
    ['nothing of one method that is the default', { methods: ['FULL_TABLE'] }, {}],
    [
      'the first of several, and the keys',
      { methods: ['INCREMENTAL', 'FULL_TABLE'], keys: ['id'] },
      { 'replication-method': 'INCREMENTAL', 'valid-replication-keys': ['id'] },
    ],
    [
      'the only one, where it is not the default',
      { methods: ['INCREMENTAL'], keys: ['id'], isSorted: true },
      { 'forced-replication-method': 'INCREMENTAL', 'valid-replication-keys': ['id'] },
    ],
    [
      'what the source forces',
      { methods: ['FULL_TABLE', 'INCREMENTAL'], isForced: true },
      { 'forced-replication-method': 'FULL_TABLE' },
    ],
  ])('%s', (_, replication, metadata) => {
    expect(metadataOf(replication)).toEqual(metadata);
  });
});

describe('a catalog is plain JSON', () => {
  it('with the bounds of a bigint column', () => {
    const bounds = { minimum: '-9223372036854775808', maximum: '9223372036854775807' };
    const catalog = catalogOf([
      { id: 's', schema: { type: 'object', properties: { id: { type: 'integer', ...bounds } } } },
    ]);
    expect(JSON.parse(JSON.stringify(catalog))).toEqual(catalog);
    expect(stringifyValue(exactCatalog(catalog))).toContain(
      '"id":{"type":"integer","minimum":-9223372036854775808,"maximum":9223372036854775807}',
    );
  });

  it('also if the schema of an author contains bigints', () => {
    const id = { type: 'integer', minimum: -(2n ** 63n), enum: [2n ** 63n] } as unknown as ValueSchema;
    const catalog = catalogOf([{ id: 's', schema: { properties: { id } } }]);
    expect(JSON.parse(JSON.stringify(catalog))).toEqual(catalog);
    expect(stringifyValue(exactCatalog(catalog))).toContain(
      '"minimum":-9223372036854775808,"enum":[9223372036854775808]',
    );
  });

  it('that loses nothing: its Singer text is the same after JSON.stringify and JSON.parse', () => {
    const number = fc.oneof(
      fc.bigInt(),
      fc.double({ noDefaultInfinity: true, noNaN: true }),
      fc.constantFrom(
        2n ** 53n,
        2n ** 63n,
        new Decimal('1.50'),
        new Decimal('1e400'),
        new Decimal('0.1234567890123456789'),
      ),
    );
    const value = fc.oneof(number, fc.jsonValue({ maxDepth: 1 }), fc.array(number), fc.dictionary(fc.string(), number));
    const bound = fc.oneof(number, fc.boolean());
    const keywords = fc.record(
      {
        minimum: bound,
        maximum: bound,
        exclusiveMaximum: bound,
        multipleOf: number,
        enum: fc.array(value),
        default: value,
        'x-odd': value,
      },
      { requiredKeys: [] },
    );
    const around = (inner: fc.Arbitrary<object>): fc.Arbitrary<object> => {
      const names = fc.oneof(fc.string(), fc.constantFrom('minimum', '__proto__'));
      const map = fc.dictionary(names, inner, { maxKeys: 2 });
      const list = fc.array(inner, { maxLength: 2 });
      const items = fc.oneof(inner, fc.boolean());
      const subschemas = fc.record({ properties: map, definitions: map, anyOf: list, items }, { requiredKeys: [] });
      return fc.tuple(keywords, subschemas).map(([one, other]) => ({ ...one, ...other }));
    };
    const schema = around(around(keywords));
    const entry = fc.tuple(schema, fc.dictionary(fc.string(), value), value).map(([property, metadata, odd]) => ({
      tap_stream_id: 'a',
      schema: { properties: { property } },
      metadata: [{ breadcrumb: [], metadata }],
      odd,
    }));
    fc.assert(
      fc.property(fc.record({ streams: fc.array(entry, { maxLength: 2 }), odd: value }), (written) => {
        const catalog = parseCatalog(stringifyValue(written), 'catalog.json');
        const plain = JSON.parse(JSON.stringify(catalog)) as typeof catalog;
        expect(plain).toEqual(catalog);
        const text = stringifyValue(exactCatalog(catalog));
        expect(stringifyValue(exactCatalog(plain))).toBe(text);
        // Nor does reading the text change it, nor what a host stored as JSON.
        expect(parseCatalog(text, 'catalog.json')).toEqual(catalog);
        expect(parseCatalog(JSON.stringify(catalog), 'catalog.json')).toEqual(catalog);
      }),
      { numRuns: 500 },
    );
  });
});

describe('parseCatalog', () => {
  it('keeps unknown keys, with all digits', () => {
    const text =
      '{"streams":[{"tap_stream_id":"a","stream":"b","stream_alias":"c","schema":{"properties":{"n":{"maximum":9223372036854775807,"items":{"$ref":"#/definitions/d"},"enum":[1.5,9007199254740993]}},"definitions":{"d":{}}},"metadata":[{"breadcrumb":["properties","n","properties","x"],"metadata":{"odd":true}}]}],"version":1}';
    expect(stringifyValue(exactCatalog(parseCatalog(text, 'catalog.json')))).toBe(text);
  });

  it('fills in what old catalogs lack, and skips a byte order mark', () => {
    expect(parseCatalog('\ufeff{"streams":[{"stream":"a","schema":{}}]}', 'catalog.json')).toEqual({
      streams: [{ tap_stream_id: 'a', stream: 'a', schema: { properties: {} }, metadata: [] }],
    });
  });

  it.each([
    ['', 'empty'],
    ['{"streams":[', 'not JSON'],
    ['[]', 'not a JSON object'],
    ['{}', 'streams are not a list'],
    ['{"streams":[1]}', 'streams[0] is not an object'],
    ['{"streams":[{"tap_stream_id":"a","schema":{}},{"schema":{}}]}', 'streams[1].tap_stream_id'],
    ['{"streams":[{"tap_stream_id":"a"}]}', 'streams[0].schema is not'],
    ['{"streams":[{"tap_stream_id":"a","schema":{"properties":{"x":"string"}}}]}', 'schema.properties["x"]'],
    [
      '{"streams":[{"tap_stream_id":"a","schema":{},"metadata":[{"breadcrumb":"x","metadata":{}}]}]}',
      'streams[0].metadata',
    ],
  ])('refuses %s, and names the file and the problem', (text, problem) => {
    expect(() => parseCatalog(text, 'my/catalog.json')).toThrow(
      expect.objectContaining({
        code: 'catalog_unreadable',
        exitCode: 2,
        message: expect.stringMatching(/my\/catalog\.json/),
      }),
    );
    expect(() => parseCatalog(text, 'my/catalog.json')).toThrow(problem);
  });
});
