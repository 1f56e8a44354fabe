import { expect, test } from 'vitest';
import { Decimal } from '../../src/interface/value.ts';
import { exactSchema, plainSchema } from '../../src/jsonl/plain-schema.ts';
import { integerBounds } from '../../src/jsonl/schema-numbers.ts';
import { parseValue, stringifyValue } from '../../src/jsonl/values.ts';

test.each([
  ['{"maximum":9007199254740993}', { maximum: '9007199254740993' }],
  [
    '{"minimum":-9223372036854775808,"exclusiveMinimum":true}',
    { minimum: '-9223372036854775808', exclusiveMinimum: true },
  ],
  ['{"exclusiveMaximum":9223372036854775808}', { exclusiveMaximum: '9223372036854775808' }],
  ['{"multipleOf":0.12345678901234567890}', { multipleOf: '0.12345678901234567890' }],
  [
    '{"enum":[1,9007199254740993,"9007199254740993"]}',
    { enum: [1, { 'x-c8-number': '9007199254740993' }, '9007199254740993'] },
  ],
  [
    '{"properties":{"minimum":{"maximum":9007199254740993}}}',
    { properties: { minimum: { maximum: '9007199254740993' } } },
  ],
  [
    '{"anyOf":[{"items":{"minimum":-9007199254740993}},true]}',
    { anyOf: [{ items: { minimum: '-9007199254740993' } }, true] },
  ],
  [
    '{"definitions":{"a":{"additionalProperties":{"maximum":9007199254740993}}}}',
    { definitions: { a: { additionalProperties: { maximum: '9007199254740993' } } } },
  ],
  // Not a keyword, but a member of a value.
  ['{"default":{"maximum":"9007199254740993"}}', { default: { maximum: '9007199254740993' } }],
  ['{"x-y":{"maximum":9007199254740993}}', { 'x-y': { maximum: { 'x-c8-number': '9007199254740993' } } }],
])('%s becomes plain JSON, and the same text again', (text, plain) => {
  expect(plainSchema(parseValue(text))).toEqual(plain);
  expect(stringifyValue(exactSchema(JSON.parse(JSON.stringify(plain))))).toBe(text);
});

test('a number that a double can represent is a number, whatever its text', () => {
  const schema = parseValue('{"multipleOf":0.00000001,"maximum":100.00,"enum":[1.0,1E5]}');
  expect(plainSchema(schema)).toEqual({ multipleOf: 1e-8, maximum: 100, enum: [1, 100_000] });
});

test('bounds that are written as texts are read, inclusive and exclusive', () => {
  const largest = 2n ** 63n - 1n;
  expect(integerBounds({ minimum: `${-largest - 1n}`, maximum: `${largest}` })).toEqual({
    minimum: -largest - 1n,
    maximum: largest,
  });
  expect(integerBounds({ exclusiveMinimum: '9007199254740993', exclusiveMaximum: '9223372036854775808' })).toEqual({
    minimum: 9007199254740994n,
    maximum: largest,
  });
  expect(integerBounds({ maximum: '9007199254740993', exclusiveMaximum: true })).toEqual({
    maximum: 9007199254740992n,
  });
  expect(integerBounds({ maximum: '1e3', minimum: 'x' })).toEqual({ maximum: 1000n });
  expect(integerBounds({ maximum: new Decimal('9.223372036854776e+18') as never })).toEqual({ maximum: largest });
});
