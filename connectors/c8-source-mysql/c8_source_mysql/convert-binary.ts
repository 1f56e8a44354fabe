import type { Convert } from 'c8connector-sql';

const quote = 0x22;
const padding = 0x3d;
const alphabet = new TextEncoder().encode('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/');

/** Converts bytes to a JSON string of base64. */
export function convertBinary(bytes: Uint8Array, start: number, end: number, out: Uint8Array, at: number): number {
  let to = at;
  out[to++] = quote;
  for (let from = start; from < end; from += 3) {
    const [second, third] = [from + 1 < end, from + 2 < end];
    const group =
      ((bytes[from] as number) << 16) |
      (second ? (bytes[from + 1] as number) << 8 : 0) |
      (third ? (bytes[from + 2] as number) : 0);
    out[to++] = alphabet[group >> 18] as number;
    out[to++] = alphabet[(group >> 12) & 63] as number;
    out[to++] = second ? (alphabet[(group >> 6) & 63] as number) : padding;
    out[to++] = third ? (alphabet[group & 63] as number) : padding;
  }
  out[to++] = quote;
  return to;
}

/** Converts the big-endian bytes of a bit(n) to a JSON string of n digits 0 and 1. */
export function convertBits(length: number): Convert {
  return (bytes, start, end, out, at) => {
    let to = at;
    out[to++] = quote;
    for (let bit = length - 1; bit >= 0; bit--) {
      const byte = bytes[end - 1 - (bit >> 3)];
      out[to++] = 0x30 + (end - 1 - (bit >> 3) >= start ? ((byte as number) >> (bit & 7)) & 1 : 0);
    }
    out[to++] = quote;
    return to;
  };
}
