import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isC8Error } from '../../src/interface/errors.ts';
import type { StreamSchema } from '../../src/interface/stream.ts';
import { renameLines } from '../../src/jsonl/rename-lines.ts';
import { c8ReservedKeys, renameRow, renameSchema, reservedNames } from '../../src/jsonl/reserved-keys.ts';

function schemaWith(...columns: string[]): StreamSchema {
  return { type: 'object', properties: Object.fromEntries(columns.map((name) => [name, { type: 'string' }])) };
}

function renames(columns: string[], keys: string[] = [], reserved: readonly string[] = c8ReservedKeys): unknown {
  return Object.fromEntries(reservedNames(schemaWith(...columns), keys, reserved));
}

describe('the renames', () => {
  it.each([
    ['a reserved column gains an underscore', ['id', '_id', '_rev'], [], { _id: '__id', _rev: '__rev' }],
    ['more of them while the name is taken', ['_id', '__id', '___id'], [], { _id: '____id' }],
    ['_key stays when it is the first key column', ['_key', '_id'], ['_key'], { _id: '__id' }],
    ['_key does not stay when it is the second', ['_key', 'a'], ['a', '_key'], { _key: '__key' }],
    ['_id does not stay even when it is the key', ['_id'], ['_id'], { _id: '__id' }],
    ['nothing is renamed without need', ['id', '__key', 'key'], ['id'], {}],
  ])('%s', (_, columns, keys, expected) => {
    expect(renames(columns, keys)).toEqual(expected);
  });

  it('never choose a name that is reserved too', () => {
    expect(renames(['_a', '__a'], [], ['_a', '__a'])).toEqual({ _a: '___a', __a: '____a' });
    expect(renames(['_a'], [], ['_a', '__a'])).toEqual({ _a: '___a' });
  });

  it('the first reserved name of a target stays when it is the first key column', () => {
    expect(renames(['pk', 'x'], ['pk'], ['pk', 'x'])).toEqual({ x: '_x' });
  });

  it('give all columns of any stream different names, none of them reserved', () => {
    const column = fc.constantFrom(
      ...['', '_', '__', '___', '____'].flatMap((dash) => ['key', 'id', 'rev'].map((n) => dash + n)),
    );
    fc.assert(
      fc.property(fc.uniqueArray(column), (columns) => {
        const names = reservedNames(schemaWith(...columns), [], c8ReservedKeys);
        const finals = columns.map((name) => names.get(name) ?? name);
        expect(new Set(finals).size).toBe(columns.length);
        for (const name of c8ReservedKeys) expect(finals).not.toContain(name);
      }),
    );
  });
});

describe('the schema', () => {
  it('keeps the order of its columns, and its key and required columns are renamed', () => {
    const schema = { ...schemaWith('a', '_id', 'b', '__proto__'), required: ['_id', 'a'], definitions: { x: {} } };
    const names = reservedNames(schema, ['_id'], c8ReservedKeys);
    const renamed = renameSchema(schema, ['_id', 'a'], names);
    expect(Object.keys(renamed.schema.properties)).toEqual(['a', '__id', 'b', '__proto__']);
    expect(renamed.schema).toMatchObject({ type: 'object', required: ['__id', 'a'], definitions: { x: {} } });
    expect(renamed.keyProperties).toEqual(['__id', 'a']);
    expect(Object.keys(schema.properties)).toEqual(['a', '_id', 'b', '__proto__']);
  });
});

describe('rows', () => {
  const names = new Map([
    ['_id', '__id'],
    ['_key', '___key'],
  ]);

  function lines(text: string): string {
    return Buffer.from(renameLines(Buffer.from(text), names)).toString();
  }

  it('as objects keep their values and their order', () => {
    expect(Object.entries(renameRow({ a: 1, _id: 0, _key: null, _rev: 'r' }, names))).toEqual([
      ['a', 1],
      ['__id', 0],
      ['___key', null],
      ['_rev', 'r'],
    ]);
  });

  it.each([
    ['falsy values too', '{"_id":0}\n{"_id":null}\n{"_id":""}\n', '{"__id":0}\n{"__id":null}\n{"__id":""}\n'],
    ['several keys in a row', '{"a":1,"_id":2,"_key":3}\n', '{"a":1,"__id":2,"___key":3}\n'],
    ['top-level keys alone', '{"a":{"_id":1},"b":["_id"],"c":"_id"}\n', '{"a":{"_id":1},"b":["_id"],"c":"_id"}\n'],
    ['other texts not at all', '{"_idx":1,"_i":2,"":3}\n', '{"_idx":1,"_i":2,"":3}\n'],
    ['keys with escapes', '{"\\u005fid":1,"_\\u0069d2":2}\n', '{"__id":1,"_\\u0069d2":2}\n'],
    ['lines with spaces', '{ "_id" : 1 , "a" : [ 1 ] }\n', '{ "__id" : 1 , "a" : [ 1 ] }\n'],
    [
      'digits byte for byte',
      '{"_id":12345678901234567890.10,"a":1e400}\n',
      '{"__id":12345678901234567890.10,"a":1e400}\n',
    ],
    [
      'texts with quotes and braces',
      '{"a":"}\\",\\"_id\\":1{","_id":"é😀"}\n',
      '{"a":"}\\",\\"_id\\":1{","__id":"é😀"}\n',
    ],
    ['empty objects', '{}\n{ }\n', '{}\n{ }\n'],
    ['nothing', '', ''],
  ])('as lines rename %s', (_, given, expected) => {
    expect(lines(given)).toBe(expected);
  });

  it('as lines are the same bytes when nothing is renamed', () => {
    const given = Buffer.from('{"_id":1}\n');
    expect(renameLines(given, new Map())).toBe(given);
  });

  it.each(['[1]\n', '{"a":}\n', '{"a"\n', '{"a":1', '{a:1}\n', '{"a":1 "b":2}\n', '{"a":1,}\n'])(
    '%j is refused with its line',
    (bad) => {
      try {
        lines(`{"a":1}\n${bad}`);
        expect.unreachable();
      } catch (error) {
        expect(isC8Error(error) && error.details.line).toBe(2);
      }
    },
  );

  it('are the same as objects and as lines', () => {
    const key = fc.constantFrom('_id', '_key', '_rev', 'a', '__x');
    const row = fc.dictionary(key, fc.jsonValue(), { noNullPrototype: true });
    fc.assert(
      fc.property(fc.array(row), (rows) => {
        const text = rows.map((each) => `${JSON.stringify(each)}\n`).join('');
        const expected = rows.map((each) => `${JSON.stringify(renameRow(each as never, names))}\n`).join('');
        expect(lines(text)).toBe(expected);
      }),
    );
  });
});
