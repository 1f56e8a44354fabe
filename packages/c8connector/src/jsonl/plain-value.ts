import { isSafeNumber } from 'lossless-json';
import type { Json } from '../interface/progress.ts';
import { Decimal } from '../interface/value.ts';
import { isNumberText, numberOf } from './values.ts';

/**
 * A value as plain JSON, without bigints and Decimals. A number that a double cannot hold becomes its text; `17.00` becomes 17. Members that are undefined are left out.
 */
export function plainValue(value: unknown): Json {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (value instanceof Decimal) return isSafeNumber(value.text) ? Number(value.text) : value.text;
  if (Array.isArray(value)) return value.map(plainValue);
  if (typeof value !== 'object' || value === null) return (value ?? null) as Json;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(members.map(([key, member]) => [key, plainValue(member)]));
}

/** Reverses {@link plainValue} for one value: the text of a number becomes a bigint or a Decimal; every other value stays as it is. */
export function exactNumber(value: unknown): unknown {
  if (typeof value !== 'string' || !isNumberText(value)) return value;
  const number = numberOf(value);
  return typeof plainValue(number) === 'string' ? number : value;
}
