/** Hashes and comparisons of the values of a column, by their bits: 0 and -0 differ, and so may two NaNs. */

/** A hash whose upper bits are the good ones. */
export function hashWords(words: Int32Array, offset: number, width: number): number {
  let hash = Math.imul(words[offset] ?? 0, 0x9e3779b1);
  for (let word = 1; word < width; word++) {
    hash = Math.imul(hash ^ (hash >>> 15) ^ (words[offset + word] ?? 0), 0x85ebca6b);
  }
  return Math.imul(hash ^ (hash >>> 15), 0xc2b2ae35);
}

export function isSameWords(words: Int32Array, one: number, other: number, width: number): boolean {
  for (let word = 0; word < width; word++) if (words[one + word] !== words[other + word]) return false;
  return true;
}

/** Of a longer value only so many bytes are hashed, spread over it. */
const mostHashed = 64;

/** As {@link hashWords}. */
export function hashByteArray(bytes: Uint8Array, start: number, end: number): number {
  const length = end - start;
  const step = length <= mostHashed ? 4 : (length / (mostHashed / 4)) | 0;
  let hash = length;
  let offset = start;
  for (; offset + 4 <= end; offset += step) {
    const word =
      (bytes[offset] ?? 0) |
      ((bytes[offset + 1] ?? 0) << 8) |
      ((bytes[offset + 2] ?? 0) << 16) |
      ((bytes[offset + 3] ?? 0) << 24);
    hash = Math.imul(hash ^ (hash >>> 15) ^ word, 0x85ebca6b);
  }
  for (let last = Math.max(start, end - 3); last < end; last++) hash = Math.imul(hash ^ (bytes[last] ?? 0), 0x9e3779b1);
  return Math.imul(hash ^ (hash >>> 15), 0xc2b2ae35);
}

/** Whether the bytes from `start` to before `end` are those of the value with this number. */
export function isSameByteArray(
  bytes: Uint8Array,
  start: number,
  end: number,
  ends: Int32Array,
  value: number,
): boolean {
  const other = value === 0 ? 0 : (ends[value - 1] ?? 0);
  if ((ends[value] ?? 0) - other !== end - start) return false;
  const shift = other - start;
  for (let offset = start; offset < end; offset++) if (bytes[offset] !== bytes[offset + shift]) return false;
  return true;
}
