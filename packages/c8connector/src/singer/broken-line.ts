import { textOf } from '../jsonl/byte-buffer.ts';
import { deepest, skipSpace, skipString, skipValue } from '../jsonl/scan.ts';
import { shownBytes } from './shown.ts';

/** What is wrong with a line, as a clause, and the column of the record where it is; undefined outside of a record. */
export interface BrokenLine {
  readonly problem: string;
  readonly column: string | undefined;
}

/** Describes a line from `start` to before `end` that is not one JSON object; `at` is the first byte that is not valid JSON. */
export function describeBroken(bytes: Uint8Array, start: number, end: number, at: number): BrokenLine {
  if (bytes[start] === 0xff || bytes[start] === 0xfe) {
    return { problem: 'it is UTF-16, as some shells write it: Singer text is UTF-8', column: undefined };
  }
  if (bytes[start] !== 0x7b && skipValue(bytes, start, end) === end) {
    return { problem: `it is not a JSON object: ${shownBytes(bytes, start, end)}`, column: undefined };
  }
  if (at >= end) return { problem: 'it is cut off: the JSON ends too early', column: undefined };
  const { depth, column } = placeOf(bytes, start, at);
  if (depth >= deepest) return { problem: `it is nested deeper than ${deepest} levels`, column };
  const [first, last] = wordAt(bytes, start, end, at);
  return { problem: `it is not JSON at byte ${first - start + 1}: ${shownBytes(bytes, first, last)}`, column };
}

/** The column that an offset of a line is in, when the JSON before it is valid. */
function placeOf(
  bytes: Uint8Array,
  start: number,
  end: number,
): { readonly depth: number; readonly column: string | undefined } {
  const keys: string[] = [];
  let depth = 0;
  for (let at = start; at < end; ) {
    const byte = bytes[at] as number;
    if (byte === 0x7b || byte === 0x5b) depth++;
    else if (byte === 0x7d || byte === 0x5d) depth--;
    const next = byte === 0x22 ? skipString(bytes, at, end) : at + 1;
    if (next < 0) break;
    const isKey = byte === 0x22 && depth <= 2 && bytes[skipSpace(bytes, next, end)] === 0x3a;
    if (isKey) keys.splice(depth - 1, 2, JSON.parse(textOf(bytes, at, next)));
    at = next;
  }
  const [member, column] = keys;
  return { depth, column: member === 'record' && depth >= 2 ? column : undefined };
}

/** Start and end of the word around a byte, such as `-Infinity`; the byte alone when it is not part of one. */
function wordAt(bytes: Uint8Array, start: number, end: number, at: number): readonly [number, number] {
  let first = at;
  let last = at;
  while (last < end && isWord(bytes[last] as number)) last++;
  while (last > at && first > start && isWord(bytes[first - 1] as number)) first--;
  return [first, Math.max(last, at + 1)];
}

/** Letters, digits, `_`, `+`, `-`, `.`, and all beyond ASCII. */
function isWord(byte: number): boolean {
  if (byte >= 0x80 || byte === 0x5f || byte === 0x2b || byte === 0x2d || byte === 0x2e) return true;
  return (byte >= 0x30 && byte <= 0x39) || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a);
}
