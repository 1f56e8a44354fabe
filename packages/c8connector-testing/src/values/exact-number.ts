import { Decimal } from 'c8connector';

/** A number as an integer and how many of its last digits come after the point. */
interface ExactNumber {
  readonly digits: bigint;
  readonly scale: number;
}

/** Numbers with more digits are not compared. */
const mostDigits = 5000;

/** Whether a value is a number of any of the three kinds. */
export function isNumeric(value: unknown): value is number | bigint | Decimal {
  return typeof value === 'number' || typeof value === 'bigint' || value instanceof Decimal;
}

/** Whether a value is an integer in JSON: only digits. */
export function isIntegerText(value: unknown): boolean {
  return isNumeric(value) && /^-?\d+$/.test(String(value));
}

/** Compares without a double: below 0, 0 or above 0, like a sort function. Undefined when a value is not a number, or is too long to compare. */
export function compareNumbers(one: unknown, other: unknown): number | undefined {
  const pair = aligned(one, other);
  return pair && (pair[0] < pair[1] ? -1 : Number(pair[0] > pair[1]));
}

/** Whether `value` is a whole multiple of `step`. Undefined when one of them is not a number, or is too long. */
export function isMultiple(value: unknown, step: unknown): boolean | undefined {
  const pair = aligned(value, step);
  return pair && pair[1] !== 0n ? pair[0] % pair[1] === 0n : undefined;
}

/** A text that is equal for equal numbers: the digits without trailing zeros, and an exponent. */
export function shortestNumber(value: number | bigint | Decimal): string {
  const number = exactNumber(value);
  if (number === undefined) return String(value);
  let { digits, scale } = number;
  if (digits === 0n) return '0';
  for (; digits % 10n === 0n; digits /= 10n) scale -= 1;
  return `${digits}e${-scale}`;
}

function aligned(one: unknown, other: unknown): readonly [bigint, bigint] | undefined {
  const a = exactNumber(one);
  const b = exactNumber(other);
  if (a === undefined || b === undefined) return undefined;
  const scale = Math.max(a.scale, b.scale);
  return [a.digits * 10n ** BigInt(scale - a.scale), b.digits * 10n ** BigInt(scale - b.scale)];
}

function exactNumber(value: unknown): ExactNumber | undefined {
  if (!isNumeric(value)) return undefined;
  const [, sign = '', whole, fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(String(value)) ?? [];
  if (whole === undefined || Math.abs(Number(exponent)) > mostDigits) return undefined;
  const digits = BigInt(`${sign}${whole}${fraction}`);
  const scale = fraction.length - Number(exponent);
  return scale < 0 ? { digits: digits * 10n ** BigInt(-scale), scale: 0 } : { digits, scale };
}
