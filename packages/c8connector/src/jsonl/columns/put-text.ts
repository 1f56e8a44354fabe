import { type ColumnBuilder, endBytes, putBytes, reserveBytes } from './column-builder.ts';

const quote = 0x22;
const backslash = 0x5c;

/** Adds a JSON string, whose quotes are at `start` and before `end`, as its text; false when it contains half a surrogate pair, which UTF-8 cannot encode. */
export function putString(builder: ColumnBuilder, bytes: Uint8Array, start: number, end: number): boolean {
  let at = start + 1;
  const last = end - 1;
  while (at < last && bytes[at] !== backslash) at++;
  if (at === last) {
    putBytes(builder, bytes, start + 1, last);
    return true;
  }
  reserveBytes(builder, last - start);
  const to = unescapeInto(builder.bytes, builder.length, bytes, start + 1, last);
  if (to < 0) return false;
  endBytes(builder, to);
  return true;
}

/** The text of a JSON string without its quotes and escapes; undefined when it contains half a surrogate pair. */
export function unescaped(bytes: Uint8Array, start: number, end: number): Uint8Array | undefined {
  const inside = bytes.subarray(start + 1, end - 1);
  if (!inside.includes(backslash)) return inside;
  const out = new Uint8Array(inside.length);
  const length = unescapeInto(out, 0, inside, 0, inside.length);
  return length < 0 ? undefined : out.subarray(0, length);
}

/** Writes the text of the JSON from `start` to before `end` to `out`, from `to` on, and returns the position after it; -1 for half a surrogate pair. The text is never longer than its JSON. */
function unescapeInto(out: Uint8Array, to: number, bytes: Uint8Array, start: number, end: number): number {
  let length = to;
  for (let at = start; at < end; ) {
    const byte = bytes[at++] as number;
    if (byte !== backslash) {
      out[length++] = byte;
      continue;
    }
    const letter = bytes[at++] as number;
    if (letter !== 0x75) {
      out[length++] = escapes[letter] ?? letter;
      continue;
    }
    let point = hexAt(bytes, at);
    at += 4;
    if (point >= 0xd800 && point < 0xe000) {
      const isPair = point < 0xdc00 && bytes[at] === backslash && bytes[at + 1] === 0x75 && at + 6 <= end;
      const second = isPair ? hexAt(bytes, at + 2) : 0;
      if (second < 0xdc00 || second > 0xdfff) return -1;
      point = 0x10000 + ((point - 0xd800) << 10) + (second - 0xdc00);
      at += 6;
    }
    length = putPoint(out, length, point);
  }
  return length;
}

const escapes: Readonly<Record<number, number>> = { 98: 0x08, 102: 0x0c, 110: 0x0a, 114: 0x0d, 116: 0x09 };

function hexAt(bytes: Uint8Array, at: number): number {
  let value = 0;
  for (let index = at; index < at + 4; index++) {
    const byte = bytes[index] as number;
    value = value * 16 + (byte <= 0x39 ? byte - 0x30 : (byte | 0x20) - 0x57);
  }
  return value;
}

function putPoint(out: Uint8Array, at: number, point: number): number {
  let to = at;
  if (point < 0x80) out[to++] = point;
  else {
    if (point < 0x800) out[to++] = 0xc0 | (point >> 6);
    else {
      if (point < 0x10000) out[to++] = 0xe0 | (point >> 12);
      else {
        out[to++] = 0xf0 | (point >> 18);
        out[to++] = 0x80 | ((point >> 12) & 0x3f);
      }
      out[to++] = 0x80 | ((point >> 6) & 0x3f);
    }
    out[to++] = 0x80 | (point & 0x3f);
  }
  return to;
}

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/;

/** Adds the bytes of a base64 text; false when it is not base64. */
export function putBase64(builder: ColumnBuilder, text: Uint8Array): boolean {
  const written = Buffer.from(text.buffer, text.byteOffset, text.length).toString('latin1');
  if (!isBase64(written)) return false;
  const decoded = Buffer.from(written, 'base64');
  putBytes(builder, decoded, 0, decoded.length);
  return true;
}

/** In pieces: a regular expression of this kind overflows on strings of many megabytes. */
function isBase64(text: string): boolean {
  const piece = 1 << 16;
  for (let start = 0; start < text.length; start += piece) {
    const part = text.slice(start, start + piece);
    if (start + piece < text.length ? !/^[A-Za-z0-9+/]*$/.test(part) : !base64.test(part)) return false;
  }
  return true;
}

export function isString(bytes: Uint8Array, start: number): boolean {
  return bytes[start] === quote;
}
