import { describe, expect, it } from 'vitest';
import type { CatalogEntry } from '../../src/interface/catalog.ts';
import { keyProperties, selectedColumns, selectedSchema, selectStreams } from '../../src/singer/selection.ts';

const entry = (id: string, parts: Partial<CatalogEntry> = {}): CatalogEntry => ({
  tap_stream_id: id,
  stream: id,
  schema: { properties: {} },
  metadata: [],
  ...parts,
});
const ofStream = (metadata: object) => ({ metadata: [{ breadcrumb: [], metadata: { ...metadata } }] });

describe('selectStreams', () => {
  it('selects only what is marked as selected, and sorts by id', () => {
    const streams = [
      entry('d', ofStream({ selected: true })),
      entry('c', { schema: { properties: {}, selected: true } }),
      entry('b', { ...ofStream({ selected: false }), schema: { properties: {}, selected: true } }),
      entry('a', ofStream({ inclusion: 'available', 'selected-by-default': true })),
    ];
    expect(selectStreams({ streams }).map((stream) => stream.tap_stream_id)).toEqual(['c', 'd']);
  });
});

describe('selectedColumns', () => {
  const columns = (byColumn: Record<string, object>, parts: Partial<CatalogEntry> = {}) =>
    selectedColumns(
      entry('a', {
        schema: { properties: Object.fromEntries(Object.keys(byColumn).map((name) => [name, {}])) },
        metadata: Object.entries(byColumn).map(([name, metadata]) => ({
          breadcrumb: ['properties', name],
          metadata: { ...metadata },
        })),
        ...parts,
      }),
    );

  it('follows inclusion, then the choice, then the default', () => {
    expect(
      columns({
        automatic: { inclusion: 'automatic', selected: false },
        unsupported: { inclusion: 'unsupported', selected: true },
        chosen: { selected: true, 'selected-by-default': false },
        refused: { selected: false, 'selected-by-default': true },
        left: { 'selected-by-default': false },
        plain: {},
      }),
    ).toEqual(['automatic', 'chosen', 'plain']);
  });

  it('reads the key always', () => {
    expect(columns({ id: { selected: false }, x: { selected: false } }, { key_properties: ['id'] })).toEqual(['id']);
  });

  it('reads what old catalogs say in the schema', () => {
    const schema = {
      properties: {
        a: { selected: false },
        b: { inclusion: 'unsupported' },
        c: { inclusion: 'automatic', selected: false },
      },
    };
    expect(columns({}, { schema })).toEqual(['c']);
  });

  it('ignores the metadata of nested columns', () => {
    const metadata = [{ breadcrumb: ['properties', 'a', 'properties', 'x'], metadata: { selected: false } }];
    expect(columns({}, { schema: { properties: { a: {} } }, metadata })).toEqual(['a']);
  });
});

it('uses the key that the user sets for a view', () => {
  expect(keyProperties(entry('a', ofStream({ 'view-key-properties': ['x'], 'table-key-properties': [] })))).toEqual([
    'x',
  ]);
  expect(keyProperties(entry('a', ofStream({ 'table-key-properties': ['id'] })))).toEqual(['id']);
  expect(keyProperties(entry('a'))).toEqual([]);
});

it('keeps the order and the definitions in the selected schema, which requires no column that it lacks', () => {
  const schema = {
    type: 'object',
    properties: { a: {}, b: { $ref: '#/definitions/d' }, c: {} },
    required: ['a', 'b'],
    definitions: { d: {} },
  };
  expect(selectedSchema(schema, ['c', 'b'])).toEqual({
    type: 'object',
    properties: { b: { $ref: '#/definitions/d' }, c: {} },
    required: ['b'],
    definitions: { d: {} },
  });
  expect(Object.keys(selectedSchema(schema, ['c', 'b']).properties)).toEqual(['b', 'c']);
});
