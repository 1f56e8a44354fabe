const quote = 0x22;
const backslash = 0x5c;

/** The buffer itself when it has the size, else a new and larger one; its content is lost. */
export function grown(buffer: Uint8Array, size: number): Uint8Array {
  return buffer.length >= size ? buffer : new Uint8Array(Math.max(size, 2 * buffer.length));
}

/**
 * Copies what stands between the double quote at `start` and its partner to the beginning of `scratch`, without the backslashes. `next`
 * is the place behind the partner.
 */
export function unescapeQuoted(
  bytes: Uint8Array,
  start: number,
  scratch: Uint8Array,
): { readonly length: number; readonly next: number } {
  let length = 0;
  let from = start + 1;
  for (let byte = bytes[from]; byte !== quote && byte !== undefined; byte = bytes[from]) {
    if (byte === backslash) from++;
    scratch[length++] = bytes[from++] ?? 0;
  }
  return { length, next: from + 1 };
}
