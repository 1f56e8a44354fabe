/** Hashes and comparisons of the values of a column, by their bits: 0 and -0 differ, and so may two NaNs. */

/** A hash whose upper bits are well mixed. */
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

/** The most bytes of a value that are hashed; of a longer value, bytes spread over all of it. */
const mostHashed = 64;

/** {@link hashWords} for the bytes from `start` to before `end`. A view reads four bytes at once, at any alignment. */
export function hashByteArray(view: DataView, start: number, end: number): number {
  const length = end - start;
  const step = length <= mostHashed ? 4 : (length / (mostHashed / 4)) | 0;
  let hash = length;
  for (let offset = start; offset + 4 <= end; offset += step) {
    hash = Math.imul(hash ^ (hash >>> 15) ^ view.getInt32(offset, true), 0x85ebca6b);
  }
  for (let last = Math.max(start, end - 3); last < end; last++)
    hash = Math.imul(hash ^ view.getUint8(last), 0x9e3779b1);
  return Math.imul(hash ^ (hash >>> 15), 0xc2b2ae35);
}

/** Whether the bytes from `start` to before `end` are those of the value with this index. */
export function isSameByteArray(view: DataView, start: number, end: number, ends: Int32Array, value: number): boolean {
  const other = value === 0 ? 0 : (ends[value - 1] ?? 0);
  if ((ends[value] ?? 0) - other !== end - start) return false;
  const shift = other - start;
  let offset = start;
  for (; offset + 4 <= end; offset += 4) {
    if (view.getInt32(offset, true) !== view.getInt32(offset + shift, true)) return false;
  }
  for (; offset < end; offset++) if (view.getUint8(offset) !== view.getUint8(offset + shift)) return false;
  return true;
}
