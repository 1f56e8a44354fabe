import type { Exactness } from '../interface/messages.ts';
import type { StreamSchema } from '../interface/stream.ts';
import { append, appendByte, type ByteBuffer, textOf } from './byte-buffer.ts';
import { type ColumnType, columnTyper, isExactText } from './column-type.ts';
import { skipSpace, skipValue } from './scan.ts';

/** Writes the JSON value from `start` to before `end` in the other exactness. */
export type ExactValueWriter = (out: ByteBuffer, bytes: Uint8Array, start: number, end: number) => void;

const quote = 0x22;
const openingBracket = 0x5b;

/** {@link exactValueWriter} of each column; undefined when no column is exact. */
export function exactValueWriters(
  schema: StreamSchema,
  exact: Exactness,
): readonly (ExactValueWriter | undefined)[] | undefined {
  const typeOf = columnTyper(schema);
  const writers = Object.values(schema.properties).map((property) => exactValueWriter(typeOf(property), exact));
  return writers.some((writer) => writer !== undefined) ? writers : undefined;
}

/** How a value of the other exactness is written in this one; undefined when it stays as it is. */
function exactValueWriter(type: ColumnType, exact: Exactness): ExactValueWriter | undefined {
  if (!isExactText(type)) return undefined;
  if (type.kind === 'numeric' && type.isString) return undefined;
  if (type.kind === 'json') return exact === 'text' ? quoteJson : unquoteJson;
  const items =
    type.kind === 'list' ? exactValueWriter(type.items, exact) : exact === 'text' ? quoteNumber : unquoteNumber;
  if (items === undefined) return undefined;
  // an array in a column of decimals may be nested deeper than its schema says, one of JSON texts may not: there an array is a value
  const isDeep = type.kind !== 'list' || type.items.kind !== 'json';
  const write: ExactValueWriter = (out, bytes, start, end) => {
    if (bytes[start] !== openingBracket) items(out, bytes, start, end);
    else writeArray(out, bytes, start, end, isDeep && type.kind !== 'list' ? write : items);
  };
  return write;
}

function writeArray(out: ByteBuffer, bytes: Uint8Array, start: number, end: number, item: ExactValueWriter): void {
  let copied = start;
  let at = skipSpace(bytes, start + 1, end);
  while (at < end - 1) {
    append(out, bytes, copied, at);
    copied = skipValue(bytes, at, end);
    item(out, bytes, at, copied);
    at = skipSpace(bytes, copied, end);
    if (bytes[at] === 0x2c) at = skipSpace(bytes, at + 1, end);
  }
  append(out, bytes, copied, end);
}

/** Whether a valid JSON value that starts with this byte is a number. */
function startsNumber(byte: number | undefined): boolean {
  return byte !== undefined && (byte === 0x2d || (byte >= 0x30 && byte <= 0x39));
}

function quoteNumber(out: ByteBuffer, bytes: Uint8Array, start: number, end: number): void {
  const isNumber = startsNumber(bytes[start]);
  if (isNumber) appendByte(out, quote);
  append(out, bytes, start, end);
  if (isNumber) appendByte(out, quote);
}

/** A text that is not a number, such as NaN, stays a text. */
function unquoteNumber(out: ByteBuffer, bytes: Uint8Array, start: number, end: number): void {
  const isNumber =
    bytes[start] === quote && startsNumber(bytes[start + 1]) && skipValue(bytes, start + 1, end - 1) === end - 1;
  append(out, bytes, isNumber ? start + 1 : start, isNumber ? end - 1 : end);
}

const escapes: Readonly<Record<number, string>> = { 9: '\\t', 10: '\\n', 13: '\\r', 34: '\\"', 92: '\\\\' };

function quoteJson(out: ByteBuffer, bytes: Uint8Array, start: number, end: number): void {
  const isNull = bytes[start] === 0x6e;
  if (!isNull) appendByte(out, quote);
  let copied = start;
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number;
    if (byte !== 0x22 && byte !== 0x5c && byte >= 0x20) continue;
    append(out, bytes, copied, at);
    for (const character of escapes[byte] ?? '') appendByte(out, character.charCodeAt(0));
    copied = at + 1;
  }
  append(out, bytes, copied, end);
  if (!isNull) appendByte(out, quote);
}

/** A text that is not JSON stays a text. */
function unquoteJson(out: ByteBuffer, bytes: Uint8Array, start: number, end: number): void {
  const text = bytes[start] === quote ? Buffer.from(JSON.parse(textOf(bytes, start, end)) as string) : undefined;
  if (text !== undefined && isJson(text)) {
    // a line break between the tokens would end the line
    for (let at = 0; at < text.length; at++) if (text[at] === 0x0a || text[at] === 0x0d) text[at] = 0x20;
    append(out, text, 0, text.length);
  } else append(out, bytes, start, end);
}

function isJson(text: Uint8Array): boolean {
  const end = skipValue(text, skipSpace(text, 0, text.length), text.length);
  return end >= 0 && skipSpace(text, end, text.length) === text.length;
}
