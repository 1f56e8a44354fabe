/**
 * Writes the JSON of a value to `out` at `at`, and returns the position after it. The value is the server's text in UTF-8, `bytes` from `start`
 * to `end`, not null and without escapes; no byte after `end` is read. `out` must have room for eight bytes per byte of the value, and forty more. A text that does not have the column's
 * type is refused by `Anomalies.malformed`.
 */
export type Convert = (bytes: Uint8Array, start: number, end: number, out: Uint8Array, at: number) => number;

/** How common values are copied without a converter. integer and number: the digits unchanged; quoted: digits in a JSON string; text: a JSON string; date: a JSON string of ten characters. */
export type Shortcut = 'integer' | 'number' | 'quoted' | 'text' | 'date';

const quote = 0x22;
const backslash = 0x5c;
const hexDigits = new TextEncoder().encode('0123456789abcdef');

/** The letter of JSON's short escape for a control character; 0 where there is none. */
function shortEscape(byte: number): number {
  if (byte === 0x0a) return 0x6e;
  if (byte === 0x09) return 0x74;
  if (byte === 0x0d) return 0x72;
  if (byte === 0x08) return 0x62;
  return byte === 0x0c ? 0x66 : 0;
}

/** Writes the value as a JSON string. */
export function convertText(bytes: Uint8Array, start: number, end: number, out: Uint8Array, at: number): number {
  let to = at;
  out[to++] = quote;
  to = escapeText(bytes, start, end, out, to);
  out[to++] = quote;
  return to;
}

/** Writes the inside of a JSON string. */
function escapeText(bytes: Uint8Array, start: number, end: number, out: Uint8Array, at: number): number {
  let to = at;
  for (let from = start; from < end; from++) {
    const byte = bytes[from] ?? 0;
    if (byte >= 0x20 && byte !== quote && byte !== backslash) out[to++] = byte;
    else to = escapeByte(byte, out, to);
  }
  return to;
}

function escapeByte(byte: number, out: Uint8Array, at: number): number {
  out[at] = backslash;
  if (byte >= 0x20) {
    out[at + 1] = byte;
    return at + 2;
  }
  const short = shortEscape(byte);
  if (short !== 0) {
    out[at + 1] = short;
    return at + 2;
  }
  out[at + 1] = 0x75;
  out[at + 2] = 0x30;
  out[at + 3] = 0x30;
  out[at + 4] = hexDigits[byte >> 4] ?? 0;
  out[at + 5] = hexDigits[byte & 15] ?? 0;
  return at + 6;
}

/** Copies the value unchanged. */
export function convertVerbatim(bytes: Uint8Array, start: number, end: number, out: Uint8Array, at: number): number {
  let to = at;
  for (let from = start; from < end; from++) out[to++] = bytes[from] ?? 0;
  return to;
}

/** Writes `null`. */
export function putJsonNull(out: Uint8Array, at: number): number {
  out[at] = 0x6e;
  out[at + 1] = 0x75;
  out[at + 2] = 0x6c;
  out[at + 3] = 0x6c;
  return at + 4;
}

/** Writes a text of our own to `out`. */
export function putText(text: string, out: Uint8Array, at: number): number {
  for (let index = 0; index < text.length; index++) out[at + index] = text.charCodeAt(index);
  return at + text.length;
}

/** The value as text, for rare or short values. */
export function textOf(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
}

/** The buffer itself when it is large enough, otherwise a new, larger one without its content. For converters that convert twice. */
export function grown(buffer: Uint8Array, size: number): Uint8Array {
  return buffer.length >= size ? buffer : new Uint8Array(Math.max(size, 2 * buffer.length));
}
