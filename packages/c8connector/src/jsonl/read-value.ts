import type { Value } from '../interface/value.ts';
import { textOf } from './byte-buffer.ts';
import { skipSpace, skipString, skipValue } from './scan.ts';
import { numberOf } from './values.ts';

/** What is being read, and how many values it may still hold. */
interface Reading {
  readonly bytes: Uint8Array;
  readonly end: number;
  /** The offset of the next value. */
  at: number;
  left: number;
}

/** Thrown within this file only. */
const tooMany = Symbol('too many values');

/**
 * The value of the JSON from `start` to before `end`, without losing a digit: the same as `parseValue` returns. The JSON is never decoded as one text, so a large value takes little more memory than
 * itself. Undefined when it has more than `most` values, including those in lists and objects: three bytes of a list can take 50 bytes as an object. The JSON must be valid, see `skipValue`.
 */
export function readValue(bytes: Uint8Array, start: number, end: number, most: number): Value | undefined {
  try {
    return next({ bytes, end, at: skipSpace(bytes, start, end), left: most });
  } catch (error) {
    if (error === tooMany) return undefined;
    throw error;
  }
}

/** The JSON string from `start` to before `end`, which is valid. */
export function readString(bytes: Uint8Array, start: number, end: number): string {
  for (let at = start + 1; at < end - 1; at++)
    if (bytes[at] === 0x5c) return JSON.parse(textOf(bytes, start, end)) as string;
  return textOf(bytes, start + 1, end - 1);
}

function next(reading: Reading): Value {
  const { bytes, at, end } = reading;
  reading.left--;
  if (reading.left < 0) throw tooMany;
  switch (bytes[at]) {
    case 0x7b:
      return nextObject(reading);
    case 0x5b:
      return nextList(reading);
    case 0x22:
      return nextString(reading);
    default:
      reading.at = skipValue(bytes, at, end);
      return plainValue(textOf(bytes, at, reading.at));
  }
}

function plainValue(text: string): Value {
  if (text === 'null') return null;
  return text === 'true' || text === 'false' ? text === 'true' : numberOf(text);
}

function nextString(reading: Reading): string {
  const { bytes, at, end } = reading;
  reading.at = skipString(bytes, at, end);
  return readString(bytes, at, reading.at);
}

/** Skips white space and one byte; returns whether that byte was the given one. */
function takes(reading: Reading, byte: number): boolean {
  const { bytes, end } = reading;
  const at = skipSpace(bytes, reading.at, end);
  const isThere = bytes[at] === byte;
  reading.at = skipSpace(bytes, isThere ? at + 1 : at, end);
  return isThere;
}

function nextList(reading: Reading): Value[] {
  const items: Value[] = [];
  reading.at++;
  if (takes(reading, 0x5d)) return items;
  do items.push(next(reading));
  while (takes(reading, 0x2c));
  takes(reading, 0x5d);
  return items;
}

function nextObject(reading: Reading): Value {
  const object: Record<string, Value> = {};
  reading.at++;
  if (takes(reading, 0x7d)) return object;
  do {
    const key = nextString(reading);
    takes(reading, 0x3a);
    const value = next(reading);
    // Assigning it would set the prototype.
    if (key === '__proto__')
      Object.defineProperty(object, key, { value, enumerable: true, writable: true, configurable: true });
    else object[key] = value;
  } while (takes(reading, 0x2c));
  takes(reading, 0x7d);
  return object;
}
