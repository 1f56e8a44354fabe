/** The order of values that are not plain numbers. Offsets are those of a value's first word. */

/** Lower word first. */
export function isLessInt64(words: Int32Array, one: number, other: number): boolean {
  const high = words[one + 1] ?? 0;
  const otherHigh = words[other + 1] ?? 0;
  if (high !== otherHigh) return high < otherHigh;
  return (words[one] ?? 0) >>> 0 < (words[other] ?? 0) >>> 0;
}

/** Words whose bytes are big-endian: the first one has the sign. */
export function isLessDecimal128(words: Int32Array, one: number, other: number): boolean {
  const high = swapped(words[one] ?? 0);
  const otherHigh = swapped(words[other] ?? 0);
  if (high !== otherHigh) return high < otherHigh;
  for (let word = 1; word < 4; word++) {
    const value = swapped(words[one + word] ?? 0) >>> 0;
    const otherValue = swapped(words[other + word] ?? 0) >>> 0;
    if (value !== otherValue) return value < otherValue;
  }
  return false;
}

function swapped(word: number): number {
  return (word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24);
}

/** Compares byte by byte, unsigned; a value comes after its own prefixes. `ends` has the offsets in `bytes` at which the values end. */
export function compareByteArrays(bytes: Uint8Array, ends: Int32Array, one: number, other: number): number {
  const start = one === 0 ? 0 : (ends[one - 1] ?? 0);
  const otherStart = other === 0 ? 0 : (ends[other - 1] ?? 0);
  const length = (ends[one] ?? 0) - start;
  const otherLength = (ends[other] ?? 0) - otherStart;
  const shared = Math.min(length, otherLength);
  for (let offset = 0; offset < shared; offset++) {
    const difference = (bytes[start + offset] ?? 0) - (bytes[otherStart + offset] ?? 0);
    if (difference !== 0) return difference;
  }
  return length - otherLength;
}
