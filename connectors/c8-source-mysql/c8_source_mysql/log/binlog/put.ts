/** Where texts are written; its bytes are replaced by more when they are full. */
export interface TextBytes {
  bytes: Uint8Array;
}

/**
 * Writes the text of a value of the log, `bytes` from `start` to `end`, to `out` at `at`, and returns the position after it. There is room for as many bytes as the value has and {@link spareRoom} more: what needs more calls
 * {@link makeRoom}. Throws a RangeError for a value that its type does not have.
 */
export type Put = (bytes: Uint8Array, start: number, end: number, out: TextBytes, at: number) => number;

/** The room that every value has besides its own size: for a BINARY(255), and for the 67 characters of a decimal. */
export const spareRoom = 512;

/** Ensures that there is room for this many bytes at `at`. */
export function makeRoom(out: TextBytes, at: number, size: number): void {
  if (out.bytes.length - at >= size) return;
  const larger = new Uint8Array(Math.max(2 * out.bytes.length, at + size));
  larger.set(out.bytes.subarray(0, at));
  out.bytes = larger;
}

/** Copies a value whose bytes are its text. */
export const putBytes: Put = (bytes, start, end, out, at) => {
  const to = out.bytes;
  if (end - start > 32) {
    to.set(bytes.subarray(start, end), at);
    return at + end - start;
  }
  let position = at;
  for (let from = start; from < end; from++) to[position++] = bytes[from] as number;
  return position;
};

/** Copies a BINARY(n) and appends the bytes 00 that the log leaves out at its end. */
export function putPadded(length: number): Put {
  return (bytes, start, end, out, at) => {
    const to = putBytes(bytes, start, end, out, at);
    if (to >= at + length) return to;
    out.bytes.fill(0, to, at + length);
    return at + length;
  };
}

/** Writes the characters of an ASCII text. */
export function putAscii(text: string, to: Uint8Array, at: number): number {
  for (let index = 0; index < text.length; index++) to[at + index] = text.charCodeAt(index);
  return at + text.length;
}

/** Writes two digits. */
export function putTwo(value: number, to: Uint8Array, at: number): number {
  const tens = (value / 10) | 0;
  to[at] = 0x30 + tens;
  to[at + 1] = 0x30 + value - tens * 10;
  return at + 2;
}

/** Writes the digits of an integer below 2^53. */
export function putDigits(value: number, to: Uint8Array, at: number): number {
  if (value < 10) {
    to[at] = 0x30 + value;
    return at + 1;
  }
  let count = 1;
  for (let limit = 10; limit <= value; limit *= 10) count++;
  return putFixedDigits(value, count, to, at);
}

/** Writes exactly this many digits of an integer below 2^53, with zeros before it. */
export function putFixedDigits(value: number, count: number, to: Uint8Array, at: number): number {
  let rest = value;
  let position = at + count;
  while (rest > 0x7fffffff && position > at) {
    const next = Math.floor(rest / 10);
    to[--position] = 0x30 + (rest - next * 10);
    rest = next;
  }
  let small = rest | 0;
  while (position > at) {
    const next = (small / 10) | 0;
    to[--position] = 0x30 + small - next * 10;
    small = next;
  }
  return at + count;
}
