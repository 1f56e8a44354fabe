import { parse, stringify } from 'lossless-json';
import { Decimal, type Value } from '../interface/value.ts';
import { hasPlainNumbers } from './plain-numbers.ts';

const integer = /^-?(?:0|[1-9][0-9]*)$/;
const number = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/;

/** Whether a text is a number as JSON writes one: no `NaN`, no leading zero or plus, no bare dot. */
export function isNumberText(text: string): boolean {
  return number.test(text);
}

/** Making a bigint of more digits takes longer than reading them. */
const mostDigits = 10_000;

/**
 * The value of a JSON number: a number when it prints back as the same text, a bigint for a larger integer, else a Decimal, so that `17.00`,
 * `1E5`, `-0`, `1e400` and an integer of more than 10,000 digits keep their text.
 */
export function numberOf(text: string): number | bigint | Decimal {
  if (text.length > mostDigits) return new Decimal(text);
  if (text.endsWith('0') && text.includes('.') && !text.includes('e')) return new Decimal(text);
  const value = Number(text);
  const isShort = text.length < 16;
  if (
    String(value) === text &&
    (isShort || !Number.isInteger(value) || Number.isSafeInteger(value) || !integer.test(text))
  ) {
    return value;
  }
  return !isShort && integer.test(text) ? BigInt(text) : new Decimal(text);
}

/**
 * Parses strict JSON without losing a digit. A key that comes twice has its last value; `__proto__` is a key like others. Keys that look like
 * array indices come first in an object, as everywhere in JavaScript. Throws a SyntaxError that names the position.
 */
export function parseValue(text: string): Value {
  return hasPlainNumbers(text, isPlainNumber) ? parsePlain(text) : parseExact(text);
}

function isPlainNumber(text: string): boolean {
  return typeof numberOf(text) === 'number';
}

/** Much less work and memory than the exact way, for a text in which nothing can be lost. */
function parsePlain(text: string): Value {
  try {
    return JSON.parse(text) as Value;
  } catch {
    // its error always names the position
    return parseExact(text);
  }
}

function parseExact(text: string): Value {
  return parse(text, null, {
    parseNumber: numberOf,
    onDuplicateKey: ({ newValue }) => newValue,
  }) as Value;
}

/**
 * Writes a value of {@link parseValue}, or any plain JSON value, with every digit. Compact, or with `indent` spaces a level. Members that are
 * undefined are left out; NaN and the infinities are null.
 */
export function stringifyValue(value: unknown, indent?: number): string {
  return (
    stringify(value, null, indent, [
      { test: (candidate) => candidate instanceof Decimal, stringify: (candidate) => String(candidate) },
    ]) ?? 'null'
  );
}
