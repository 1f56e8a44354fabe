import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  bytesMidpoint,
  dateMidpoint,
  type Midpoint,
  numberMidpoint,
  timeMidpoint,
  uuidMidpoint,
} from '../c8_source_mysql/midpoint.ts';

const digits = (value: bigint, scale: number): string => {
  const text = String(value < 0n ? -value : value).padStart(scale + 1, '0');
  return `${value < 0n ? '-' : ''}${text.slice(0, text.length - scale)}${scale === 0 ? '' : `.${text.slice(-scale)}`}`;
};
const numberOf = (text: string): bigint => BigInt(text.replace('.', ''));

const date = fc
  .tuple(fc.integer({ min: 0, max: 9999 }), fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 31 }))
  .map(([year, month, day]) =>
    [String(year).padStart(4, '0'), ...[month, day].map((part) => String(part).padStart(2, '0'))].join('-'),
  );
const clock = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }), fc.integer({ min: 0, max: 59_999_999 }))
  .map(([hours, minutes, rest]) =>
    [hours, minutes, Math.floor(rest / 1e6)]
      .map((part) => String(part).padStart(2, '0'))
      .join(':')
      .concat(`.${String(rest % 1e6).padStart(6, '0')}`),
  );
const bytes = fc.uint8Array({ maxLength: 40 }).map((value) => Buffer.from(value).toString('hex'));

/** Compares as texts: dates of one form, and bytes in hexadecimal, have that order. */
const asText = (one: string, other: string): number => (one < other ? -1 : Number(one > other));

function microsecondsOf(text: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = text.replace('-', '').split(':').map(Number);
  return (text.startsWith('-') ? -1 : 1) * Math.round(((hours * 60 + minutes) * 60 + seconds) * 1e6);
}

const kinds: readonly (readonly [string, fc.Arbitrary<string>, Midpoint, (one: string, other: string) => number])[] = [
  ...[0, 4, 30].map(
    (scale) =>
      [
        `decimals of scale ${scale}`,
        fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }).map((value) => digits(value, scale)),
        numberMidpoint(scale),
        (one: string, other: string) => Number(numberOf(one) - numberOf(other)),
      ] as const,
  ),
  ['dates', date, dateMidpoint, asText],
  ['dates with a time', fc.tuple(date, clock).map((parts) => parts.join(' ')), dateMidpoint, asText],
  [
    'times',
    fc.tuple(fc.constantFrom('', '-'), fc.integer({ min: 0, max: 838 }), clock).map(([sign, hours, rest]) => {
      return `${sign}${String(hours).padStart(2, '0')}${rest.slice(2)}`;
    }),
    timeMidpoint,
    (one, other) => microsecondsOf(one) - microsecondsOf(other),
  ],
  ['bytes', bytes, bytesMidpoint, asText],
];

describe('the middle of two', () => {
  test.each(kinds)('%s is above the first and not above the second', (_kind, value, midpoint, compare) => {
    fc.assert(
      fc.property(value, value, (one, other) => {
        fc.pre(compare(one, other) !== 0);
        const [low, high] = compare(one, other) < 0 ? [one, other] : [other, one];
        const middle = midpoint(low, high);
        if (middle === undefined) return;
        expect(compare(middle, low)).toBeGreaterThan(0);
        expect(compare(middle, high)).toBeLessThanOrEqual(0);
      }),
    );
  });

  test('is about halfway', () => {
    expect(numberMidpoint(0)('1', '18446744073709551615')).toBe('9223372036854775808');
    expect(numberMidpoint(2)('-1.00', '2.00')).toBe('0.50');
    expect(dateMidpoint('2020-01-01', '2022-01-01')).toBe('2021-01-01');
    expect(timeMidpoint('-10:00:00', '10:00:00')).toBe('00:00:00.000000');
    expect(bytesMidpoint('00', 'ff')).toMatch(/^7f8/);
    expect(uuidMidpoint('00000000-0000-7000-8000-000000000000', '80000000-0000-7000-8000-000000000000')).toBe(
      '40000000-0000-7000-8000-000000000000',
    );
  });

  test('is unknown where there is none', () => {
    expect(numberMidpoint(0)('5', '5')).toBeUndefined();
    expect(bytesMidpoint('ab', 'ab')).toBeUndefined();
  });
});
