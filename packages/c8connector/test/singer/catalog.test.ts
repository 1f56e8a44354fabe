import { describe, expect, it } from 'vitest';
import { stringifyValue } from '../../src/jsonl/values.ts';
import { catalogOf, parseCatalog } from '../../src/singer/catalog.ts';

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

describe('parseCatalog', () => {
  it('keeps what it does not know, digit for digit', () => {
    const text =
      '{"streams":[{"tap_stream_id":"a","stream":"b","stream_alias":"c","schema":{"properties":{"n":{"maximum":9223372036854775807,"items":{"$ref":"#/definitions/d"},"enum":[1.0]}},"definitions":{"d":{}}},"metadata":[{"breadcrumb":["properties","n","properties","x"],"metadata":{"odd":true}}]}],"version":1}';
    expect(stringifyValue(parseCatalog(text, 'catalog.json'))).toBe(text);
  });

  it('fills in what old catalogs leave out, and skips a byte order mark', () => {
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
  ])('refuses %s, and names the file and what is wrong', (text, problem) => {
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
