import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Decimal } from '../../src/interface/value.ts';
import { numberOf, parseValue, stringifyValue } from '../../src/jsonl/values.ts';

/** Any JSON number, as text. */
const numberText = fc
  .tuple(
    fc.constantFrom('', '-'),
    fc.oneof(fc.constant('0'), fc.bigInt({ min: 1n, max: 10n ** 40n }).map(String)),
    fc.oneof(fc.constant(''), fc.stringMatching(/^\.[0-9]{1,25}$/)),
    fc.oneof(fc.constant(''), fc.stringMatching(/^[eE][+-]?[0-9]{1,3}$/)),
  )
  .map((parts) => parts.join(''));

describe('parseValue and stringifyValue', () => {
  it('write every number back with the same text', () => {
    fc.assert(
      fc.property(numberText, (text) => {
        expect(stringifyValue(parseValue(text))).toBe(text);
      }),
      { numRuns: 2000 },
    );
  });

  it('write compact JSON back byte for byte', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        expect(stringifyValue(parseValue(text))).toBe(text);
      }),
    );
  });

  it.each(['-0', '1E5', '17.00', '1e400', '0.1000', '1e21', '12345678901234567890.123456789', '-0.0'])(
    'keep %s as a Decimal',
    (text) => {
      expect(parseValue(text)).toEqual(new Decimal(text));
      expect(stringifyValue({ n: parseValue(text) })).toBe(`{"n":${text}}`);
    },
  );

  it.each([
    ['9007199254740991', 9007199254740991],
    ['9007199254740992', 9007199254740992n],
    ['-9223372036854775808', -9223372036854775808n],
    ['0.1', 0.1],
    ['1e+21', 1e21],
    ['1.7976931348623157e+308', Number.MAX_VALUE],
  ])('read %s as a type that holds it exactly', (text, value) => {
    expect(numberOf(text)).toBe(value);
  });

  it('take the last of two equal keys', () => {
    expect(parseValue('{"a":1,"b":2,"a":3.0}')).toEqual({ a: new Decimal('3.0'), b: 2 });
  });

  it('treat __proto__ like any other key', () => {
    const value = parseValue('{"__proto__":{"polluted":true}}');
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(stringifyValue(value)).toBe('{"__proto__":{"polluted":true}}');
  });

  it('reject texts that are not JSON', () => {
    for (const text of ['', '{', '[1,]', 'NaN', '01', '"\t"', '{"a":1} x'])
      expect(() => parseValue(text)).toThrow(SyntaxError);
  });

  it('indent on request', () => {
    expect(stringifyValue({ a: [1n, new Decimal('2.50')], b: {} }, 2)).toBe(
      '{\n  "a": [\n    1,\n    2.50\n  ],\n  "b": {}\n}',
    );
  });
});
