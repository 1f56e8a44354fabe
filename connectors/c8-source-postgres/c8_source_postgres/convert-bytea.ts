import type { Anomalies, Convert } from 'c8connector-sql';

const quote = 0x22;
const padding = 0x3d;
const backslash = 0x5c;
const letterX = 0x78;
const alphabet = new TextEncoder().encode('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/');

/** Converts `\xdeadbeef` to a JSON string of base64. */
export function convertBytea(anomalies: Anomalies): Convert {
  return (bytes, start, end, out, at) => {
    if (!isHex(bytes, start, end)) anomalies.malformed('binary data in hexadecimal digits');
    let to = at;
    out[to++] = quote;
    for (let from = start + 2; from < end; from += 6) {
      const group =
        (byteAt(bytes, from) << 16) |
        (from + 2 < end ? byteAt(bytes, from + 2) << 8 : 0) |
        (from + 4 < end ? byteAt(bytes, from + 4) : 0);
      out[to++] = alphabet[group >> 18] ?? 0;
      out[to++] = alphabet[(group >> 12) & 63] ?? 0;
      out[to++] = from + 2 < end ? (alphabet[(group >> 6) & 63] ?? 0) : padding;
      out[to++] = from + 4 < end ? (alphabet[group & 63] ?? 0) : padding;
    }
    out[to++] = quote;
    return to;
  };
}

function isHex(bytes: Uint8Array, start: number, end: number): boolean {
  const length = end - start;
  if (length < 2 || length % 2 !== 0 || bytes[start] !== backslash || bytes[start + 1] !== letterX) return false;
  for (let at = start + 2; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if (byte < 0x30 || byte > 0x66 || (byte > 0x39 && byte < 0x61)) return false;
  }
  return true;
}

function byteAt(bytes: Uint8Array, at: number): number {
  return (hexValue(bytes[at] ?? 0) << 4) | hexValue(bytes[at + 1] ?? 0);
}

/** The value of 0-9 and a-f: a letter has bit 6 set, and its low bits count from 1. */
function hexValue(character: number): number {
  return (character & 15) + 9 * (character >> 6);
}
