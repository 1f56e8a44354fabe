import { randomUUID } from 'node:crypto';
import { stringify } from 'lossless-json';
import { Decimal, type Value } from '../interface/value.ts';
import { textOf } from './byte-buffer.ts';
import { replaceNumbers } from './replace-numbers.ts';
import { skipSpace, skipValue } from './scan.ts';

const integer = /^-?(?:0|[1-9][0-9]*)$/;
const number = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/;

/** Whether a text is a number as JSON writes one: no `NaN`, no leading zero or plus, no bare dot. */
export function isNumberText(text: string): boolean {
  return number.test(text);
}

/** With more digits, converting to a bigint takes too long. */
const mostDigits = 10_000;

/**
 * The value of a JSON number: a number when it prints as the same text, a bigint for a larger integer, otherwise a Decimal, so that `17.00`,
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
 * Parses strict JSON without losing a digit. When a key occurs twice, the last value counts; `__proto__` is an ordinary key. Keys that look like
 * array indices come first in an object, as everywhere in JavaScript. Throws a SyntaxError with the position.
 */
export function parseValue(text: string): Value {
  let name = '';
  const plain = replaceNumbers(text, (number) => {
    if (isPlainNumber(number)) return undefined;
    // a random key, so that no input can contain it
    name ||= randomUUID();
    return `{"${name}":"${number}"}`;
  });
  const value = parsePlain(plain, text);
  return plain === text ? value : withNumbers(value, name);
}

/** Whether a text between other values is either not a number or one that a double holds. */
function isPlainNumber(text: string): boolean {
  return !isNumberText(text) || typeof numberOf(text) === 'number';
}

function parsePlain(plain: string, text: string): Value {
  try {
    return JSON.parse(plain) as Value;
  } catch (cause) {
    throw new SyntaxError(whereWrong(text), { cause });
  }
}

function whereWrong(text: string): string {
  const bytes = Buffer.from(text);
  const start = skipSpace(bytes, 0, bytes.length);
  const end = skipValue(bytes, start, bytes.length);
  const at = end < 0 ? -1 - end : skipSpace(bytes, end, bytes.length);
  return at >= bytes.length
    ? 'the JSON ends too early'
    : `unexpected character at position ${textOf(bytes, 0, at).length}`;
}

function withNumbers(value: Value, name: string): Value {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => withNumbers(item, name));
  const object = value as Record<string, Value>;
  const number = object[name];
  if (typeof number === 'string') return numberOf(number);
  for (const key in object) {
    const member = object[key] as Value;
    const other = withNumbers(member, name);
    if (other !== member)
      Object.defineProperty(object, key, { value: other, enumerable: true, writable: true, configurable: true });
  }
  return object;
}

/**
 * Writes a value from {@link parseValue}, or any plain JSON value, with every digit: compact, or with `indent` spaces per level. Members that are
 * undefined are left out; NaN and the infinities are null.
 */
export function stringifyValue(value: unknown, indent?: number): string {
  return (
    stringify(value, null, indent, [
      { test: (candidate) => candidate instanceof Decimal, stringify: (candidate) => String(candidate) },
    ]) ?? 'null'
  );
}
