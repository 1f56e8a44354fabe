import { expect, test } from 'vitest';
import { Decimal } from '../../src/interface/value.ts';
import { exactNumber, plainValue } from '../../src/jsonl/plain-value.ts';

test.each<readonly [unknown, unknown]>([
  [9007199254740991n, 9007199254740991],
  [9007199254740993n, '9007199254740993'],
  [-(2n ** 63n), '-9223372036854775808'],
  [new Decimal('17.00'), 17],
  [new Decimal('1e400'), '1e400'],
  [new Decimal('0.12345678901234567890'), '0.12345678901234567890'],
  [{ a: [1n, { b: new Decimal('1.50') }], c: undefined }, { a: [1, { b: 1.5 }] }],
  [null, null],
  ['9007199254740993', '9007199254740993'],
])('%s is %s as plain JSON', (value, plain) => {
  expect(plainValue(value)).toEqual(plain);
});

test('a text becomes a number again only if a double cannot hold that number', () => {
  expect(exactNumber('9007199254740993')).toBe(9007199254740993n);
  expect(exactNumber('1e400')).toEqual(new Decimal('1e400'));
  for (const value of ['7', '17.00', 'x', '', 7, null]) expect(exactNumber(value)).toBe(value);
});
