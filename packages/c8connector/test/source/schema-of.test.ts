import { expect, it } from 'vitest';
import type { ValueSchema } from '../../src/interface/stream.ts';
import { schemaOf } from '../../src/source/schema-of.ts';

function typeOf(column: ValueSchema): unknown {
  const definitions = { list: { type: ['null', 'array'], items: { $ref: '#/definitions/list' } } };
  return schemaOf('s', { type: 'object', properties: { column }, definitions }).attributes[0]?.type;
}

it.each<[ValueSchema, string]>([
  [{ type: 'boolean' }, 'bool'],
  [{ type: ['null', 'integer'], minimum: 0 }, 'long'],
  [{ type: ['integer', 'null'] }, 'long'],
  [{ type: ['null', 'number'] }, 'double'],
  [{ type: ['null', 'number'], 'x-c8-type': 'numeric(10,2)', multipleOf: 0.01 }, 'double'],
  [{ type: ['null', 'integer', 'number'] }, 'double'],
  [{ type: 'string' }, 'string'],
  [{ type: ['null', 'string'], format: 'date-time', 'x-c8-type': 'timestamptz' }, 'string'],
  [{ type: 'string', contentEncoding: 'base64' }, 'string'],
  [{ type: 'string', format: 'uuid' }, 'string'],
  [{ type: ['null', 'object'] }, 'object'],
  [{ type: ['null', 'array'], items: { type: 'integer' } }, 'object'],
  [{ type: ['null', 'boolean', 'number', 'string', 'object', 'array'], 'x-c8-type': 'json' }, 'object'],
  [{ $ref: '#/definitions/list' }, 'object'],
  [{ anyOf: [{ type: 'null' }, { type: 'string' }] }, 'string'],
  [{}, 'object'],
])('%j is a %s', (column, expected) => {
  expect(typeOf(column)).toBe(expected);
});

it('attributes are in the order of the columns', () => {
  const schema = { type: 'object', properties: { b: { type: 'string' }, a: { type: 'integer' } } };
  expect(schemaOf('public-orders', schema)).toEqual({
    name: 'public-orders',
    attributes: [
      { name: 'b', type: 'string' },
      { name: 'a', type: 'long' },
    ],
  });
});
