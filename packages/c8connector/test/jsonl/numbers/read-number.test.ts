import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type ExactNumber,
  fitsLong,
  fitsWord,
  newExactNumber,
  numberProblemText,
  unscaledOf,
  writeLongDecimal,
} from '../../../src/jsonl/numbers/exact-number.ts';
import { readNumber } from '../../../src/jsonl/numbers/read-number.ts';

/** Reads a text that has other bytes on both sides, which must not count. */
function read(text: string, precision: number, scale: number, number = newExactNumber()): ExactNumber {
  const bytes = Buffer.from(`9${text}9`);
  readNumber(bytes, 1, bytes.length - 1, { precision, scale }, number);
  return number;
}

/** The same with nothing but bigints: the number is `digits / 10^behind`, and its multiple of 10^scale is whole or it is not. */
function slowly(text: string, precision: number, scale: number): bigint | string {
  const [, sign, whole = '', fraction = '', exponent = '0'] =
    /^([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  if (sign === undefined || whole + fraction === '') return 'form';
  const digits = BigInt(whole + fraction);
  const power = BigInt(exponent) - BigInt(fraction.length) + BigInt(scale);
  if (digits === 0n) return 0n;
  if (power < -500n) return 'scale';
  if (power > 500n) return 'digits';
  const upper = digits * (power > 0n ? 10n ** power : 1n);
  const lower = power < 0n ? 10n ** -power : 1n;
  if (upper % lower !== 0n) return 'scale';
  const unscaled = upper / lower;
  if (String(unscaled).length > precision) return 'digits';
  return sign === '-' ? -unscaled : unscaled;
}

const digits = (most: number) =>
  fc.oneof(fc.stringMatching(new RegExp(`^[0-9]{0,${most}}$`)), fc.stringMatching(/^0{0,5}[0-9]{0,4}0{0,9}$/));
const texts = fc
  .tuple(
    fc.constantFrom('', '-', '+'),
    digits(40),
    fc.oneof(
      fc.constant(''),
      digits(30).map((text) => `.${text}`),
    ),
    fc.oneof(fc.constant(''), fc.stringMatching(/^[eE][+-]?[0-9]{1,3}$/)),
  )
  .map((parts) => parts.join(''));
const types = fc
  .integer({ min: 1, max: 38 })
  .chain((precision) =>
    fc.record({ precision: fc.constant(precision), scale: fc.integer({ min: 0, max: precision }) }),
  );

describe('readNumber', () => {
  test('agrees with slow arithmetic for every number, and reuses its object', () => {
    const number = newExactNumber();
    fc.assert(
      fc.property(texts, types, (text, { precision, scale }) => {
        read(text, precision, scale, number);
        expect(number.problem ?? unscaledOf(number)).toBe(slowly(text, precision, scale));
      }),
      { numRuns: 20_000 },
    );
  });

  test('reads every integer of 38 digits, and knows which fit 64 and 32 bits', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 38n) + 1n, max: 10n ** 38n - 1n }),
        fc.integer({ min: 0, max: 120 }),
        (wide, bits) => {
          const value = wide >> BigInt(bits);
          const number = read(String(value), 38, 0);
          expect(unscaledOf(number)).toBe(value);
          expect(fitsLong(number)).toBe(BigInt.asIntN(64, value) === value);
          expect(fitsWord(number)).toBe(BigInt.asIntN(32, value) === value);
          const bytes = new Uint8Array(18);
          writeLongDecimal(number, bytes, 1);
          expect(BigInt.asIntN(128, BigInt(`0x${Buffer.from(bytes.subarray(1, 17)).toString('hex')}`))).toBe(value);
        },
      ),
      { numRuns: 5000 },
    );
  });

  test.each([
    ['1.5', 1500n],
    ['15e-1', 1500n],
    ['0.15E+1', 1500n],
    ['+001.500', 1500n],
    ['1.5000000000000000000000000000000000000000000000', 1500n],
    ['.5', 500n],
    ['5.', 5000n],
    ['-0', 0n],
    ['0e999999999', 0n],
    ['-0.000000000', 0n],
    ['1e2', 100_000n],
  ])('reads %s', (text, unscaled) => {
    expect(unscaledOf(read(text, 18, 3))).toBe(unscaled);
  });

  test.each([
    ['1.0005', 'scale'],
    ['1e-4', 'scale'],
    ['1e-999999999999', 'scale'],
    [`0.${'0'.repeat(100_000)}1`, 'scale'],
    ['1e15', 'digits'],
    ['1e999999999999', 'digits'],
    ['9'.repeat(100_000), 'digits'],
    ['', 'form'],
    ['-', 'form'],
    ['.', 'form'],
    ['+.', 'form'],
    ['e5', 'form'],
    ['1e', 'form'],
    ['1e+', 'form'],
    ['1.2.3', 'form'],
    ['1_000', 'form'],
    ['1,5', 'form'],
    ['0x10', 'form'],
    ['NaN', 'form'],
    ['Infinity', 'form'],
    ['--1', 'form'],
    [' 1', 'form'],
  ])('refuses %.20s', (text, problem) => {
    expect(read(text, 18, 3).problem).toBe(problem);
  });

  test('refuses a number with the reason', () => {
    const sayings = ['x', '1.0005', '1e15'].map((text) => numberProblemText(read(text, 18, 3).problem ?? 'form'));
    expect(sayings).toEqual([
      'it is not written as a number',
      'it has too many digits after the decimal point',
      'it has too many digits',
    ]);
  });
});
