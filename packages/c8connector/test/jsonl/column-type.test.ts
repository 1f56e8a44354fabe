import { describe, expect, it } from 'vitest';
import type { StreamSchema, ValueSchema } from '../../src/interface/stream.ts';
import { columnType, isExactText } from '../../src/jsonl/column-type.ts';
import { parseValue } from '../../src/jsonl/values.ts';

const definitions = {
  day: { type: ['null', 'string'], format: 'date' },
  sdc_recursive_integer_array: {
    type: ['null', 'integer', 'array'],
    items: { $ref: '#/definitions/sdc_recursive_integer_array' },
  },
  endless: { type: 'array', items: { $ref: '#/definitions/endless' } },
  'a/b': { type: 'boolean' },
  array_item_1: {
    anyOf: [
      { type: ['null', 'number'], multipleOf: 0.01, 'x-c8-type': 'numeric(10,2)' },
      { type: 'array', items: { $ref: '#/definitions/array_item_1' } },
    ],
  },
  array_item_2: {
    anyOf: [
      { type: ['null', 'array'], items: { $ref: '#/definitions/array_item_1' }, 'x-c8-type': 'array(1)' },
      { type: 'array', items: { $ref: '#/definitions/array_item_2' } },
    ],
  },
};
const decimals = { type: ['null', 'array'], items: { $ref: '#/definitions/array_item_1' } };

const typeOf = (schema: ValueSchema) => columnType(schema, { properties: {}, definitions } as StreamSchema);

describe('columnType', () => {
  it.each<[ValueSchema, unknown]>([
    [{ type: ['null', 'boolean'] }, { kind: 'boolean' }],
    [{ type: 'integer' }, { kind: 'integer' }],
    [{ type: ['integer', 'null'], multipleOf: 1 }, { kind: 'integer' }],
    [
      { type: 'integer', minimum: -32768, maximum: 32767 },
      { kind: 'integer', minimum: -32768n, maximum: 32767n },
    ],
    [
      { type: 'integer', minimum: 0, exclusiveMinimum: true, maximum: 10, exclusiveMaximum: true },
      { kind: 'integer', minimum: 1n, maximum: 9n },
    ],
    [
      { type: 'integer', exclusiveMinimum: 0, exclusiveMaximum: 10.5 },
      { kind: 'integer', minimum: 1n, maximum: 10n },
    ],
    [
      { type: 'integer', minimum: 0.5, exclusiveMinimum: true },
      { kind: 'integer', minimum: 1n },
    ],
    [
      { type: 'integer', minimum: -(2 ** 63), maximum: 2 ** 63 },
      { kind: 'integer', minimum: -(2n ** 63n), maximum: 2n ** 63n - 1n },
    ],
    [{ type: 'number' }, { kind: 'double' }],
    [{ type: ['null', 'integer', 'number'] }, { kind: 'double' }],
    [{ type: 'number', 'x-c8-type': 'real' }, { kind: 'real' }],
    [
      { type: 'number', multipleOf: 0.01 },
      { kind: 'decimal', precision: 38, scale: 2 },
    ],
    [
      { type: 'number', multipleOf: 1e-9 },
      { kind: 'decimal', precision: 38, scale: 9 },
    ],
    [
      { type: 'number', multipleOf: 1 },
      { kind: 'decimal', precision: 38, scale: 0 },
    ],
    [{ type: 'number', multipleOf: 0.25 }, { kind: 'double' }],
    [{ type: 'number', multipleOf: 10 }, { kind: 'double' }],
    [
      { type: 'number', multipleOf: 0.01, 'x-c8-type': 'numeric(10,2)' },
      { kind: 'decimal', precision: 10, scale: 2 },
    ],
    [
      { type: 'number', 'x-c8-type': 'numeric(5,-2)' },
      { kind: 'decimal', precision: 5, scale: -2 },
    ],
    [{ type: 'number', 'x-c8-type': 'numeric' }, { kind: 'numeric' }],
    [
      { type: 'string', format: 'singer.decimal' },
      { kind: 'numeric', isString: true },
    ],
    [{ type: 'string' }, { kind: 'text' }],
    [{ type: 'string', format: 'uuid' }, { kind: 'text' }],
    [{ type: 'string', format: 'binary' }, { kind: 'text' }],
    [{ type: 'string', contentEncoding: 'base64' }, { kind: 'binary' }],
    [{ type: 'string', format: 'date' }, { kind: 'date' }],
    [{ type: 'string', format: 'time' }, { kind: 'time' }],
    [{ type: 'string', format: 'time', 'x-c8-type': 'timetz' }, { kind: 'text' }],
    [{ type: 'string', 'x-c8-type': 'mysql-time' }, { kind: 'text' }],
    [{ type: 'string', format: 'date-time' }, { kind: 'timestamptz' }],
    [{ type: 'string', format: 'date-time', 'x-c8-type': 'timestamp' }, { kind: 'timestamp' }],
    [{ type: 'string', 'x-c8-type': 'invented' }, { kind: 'text' }],
    [{ enum: ['a', 'b', null] }, { kind: 'text' }],
    [{ type: ['null', 'object'], properties: { a: { type: 'string' } } }, { kind: 'json' }],
    [{ type: ['object', 'null'], 'x-c8-type': 'hstore' }, { kind: 'json' }],
    [{ type: ['string', 'number', 'object', 'array', 'boolean', 'null'], 'x-c8-type': 'json' }, { kind: 'json' }],
    [{ type: ['string', 'integer'] }, { kind: 'json' }],
    [{}, { kind: 'json' }],
    [
      { type: 'array', items: { type: ['integer', 'null'] } },
      { kind: 'list', items: { kind: 'integer' } },
    ],
    [{ type: 'array' }, { kind: 'json' }],
    [{ type: 'array', items: true }, { kind: 'json' }],
    [{ anyOf: [{ type: 'null' }, { type: 'boolean' }] }, { kind: 'boolean' }],
    [{ anyOf: [{ type: 'string', format: 'date-time' }, { type: ['string', 'null'] }] }, { kind: 'text' }],
    [
      {
        anyOf: [
          { type: 'integer', minimum: 0 },
          { type: 'integer', minimum: 0 },
        ],
      },
      { kind: 'integer', minimum: 0n },
    ],
    [{ anyOf: [{ type: 'integer' }, { type: 'number' }] }, { kind: 'double' }],
    [{ anyOf: [{ type: 'integer' }, { type: 'object' }] }, { kind: 'json' }],
    [{ $ref: '#/definitions/day' }, { kind: 'date' }],
    [{ $ref: '#/definitions/a~1b' }, { kind: 'boolean' }],
    [
      { type: ['null', 'array'], items: { $ref: '#/definitions/day' } },
      { kind: 'list', items: { kind: 'date' } },
    ],
    [{ type: ['null', 'array'], items: { $ref: '#/definitions/sdc_recursive_integer_array' } }, { kind: 'json' }],
    [{ $ref: '#/definitions/endless' }, { kind: 'json' }],
    [
      { ...decimals, 'x-c8-type': 'array(1)' },
      { kind: 'list', items: { kind: 'decimal', precision: 10, scale: 2 } },
    ],
    [
      { ...decimals, 'x-c8-type': 'array(2)' },
      { kind: 'list', items: { kind: 'list', items: { kind: 'decimal', precision: 10, scale: 2 } } },
    ],
    [
      { type: 'array', items: { $ref: '#/definitions/array_item_2' }, 'x-c8-type': 'array(1)' },
      { kind: 'list', items: { kind: 'list', items: { kind: 'decimal', precision: 10, scale: 2 } } },
    ],
    [{ ...decimals, 'x-c8-type': 'json' }, { kind: 'json' }],
    [decimals, { kind: 'json' }],
    [
      { type: 'array', items: { type: 'boolean' }, 'x-c8-type': 'array(3)' },
      { kind: 'list', items: { kind: 'boolean' } },
    ],
  ])('reads %j', (schema, type) => {
    expect(typeOf(schema)).toEqual(type);
  });

  it('reads bounds and steps that were parsed without losing a digit', () => {
    const schema = parseValue(
      '{"type":"integer","minimum":-9223372036854775808,"maximum":9223372036854775807,"step":{"type":"number","multipleOf":0.00000001}}',
    ) as ValueSchema & { step: ValueSchema };
    expect(typeOf(schema)).toEqual({ kind: 'integer', minimum: -(2n ** 63n), maximum: 2n ** 63n - 1n });
    expect(typeOf(schema.step)).toEqual({ kind: 'decimal', precision: 38, scale: 8 });
  });

  it('treats a decimal as unbounded if its bounds allow more than 38 digits', () => {
    const schema = parseValue(
      '{"type":["null","number"],"exclusiveMaximum":true,"maximum":100000000000000000000000000000000000000000000000000000000000000,"multipleOf":1e-38}',
    ) as ValueSchema;
    expect(typeOf(schema)).toEqual({ kind: 'numeric' });
  });

  it.each(['#/definitions/nowhere', 'https://example.com/schema', '#/definitions/constructor'])(
    'takes the reference %s, which leads nowhere, for free JSON',
    ($ref) => {
      expect(typeOf({ $ref })).toEqual({ kind: 'json' });
    },
  );

  it('treats decimals, JSON and lists of them as exact', () => {
    expect(isExactText(typeOf({ type: 'array', items: { type: 'number', multipleOf: 0.1 } }))).toBe(true);
    expect(isExactText(typeOf({ type: 'object' }))).toBe(true);
    expect(isExactText(typeOf({ type: 'number' }))).toBe(false);
    expect(isExactText(typeOf({ type: 'array', items: { type: 'string' } }))).toBe(false);
  });
});
