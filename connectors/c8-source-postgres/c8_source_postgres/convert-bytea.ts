const quote = 0x22;
const padding = 0x3d;
const alphabet = new TextEncoder().encode('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/');

/** `\xdeadbeef` as a JSON string of base64. */
export function convertBytea(bytes: Uint8Array, start: number, end: number, out: Uint8Array, at: number): number {
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
}

function byteAt(bytes: Uint8Array, at: number): number {
  return (hexValue(bytes[at] ?? 0) << 4) | hexValue(bytes[at + 1] ?? 0);
}

/** Of 0-9 and a-f: a letter has bit 6 set and counts from 1 in its low bits. */
function hexValue(character: number): number {
  return (character & 15) + 9 * (character >> 6);
}
