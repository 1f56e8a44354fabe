/**
 * A row of the text protocol: for each column a length and that many bytes. A length below 251 is one byte, 0xfb is NULL, and 0xfc, 0xfd and 0xfe precede a length of two, three and eight bytes.
 */
export const nullByte = 0xfb;

/** The position of the bytes of a field whose length begins at `at`. The field must not be NULL. */
export function fieldStart(bytes: Uint8Array, at: number): number {
  const first = bytes[at] as number;
  if (first < nullByte) return at + 1;
  return first === 0xfc ? at + 3 : first === 0xfd ? at + 4 : at + 9;
}

/** The length of a field, whose length begins at `at`; NaN for a first byte that no length has, and for a length beyond 4 GB. The field must not be NULL. */
export function fieldLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at] as number;
  if (first < nullByte) return first;
  const low = (bytes[at + 1] as number) | ((bytes[at + 2] as number) << 8);
  if (first === 0xfc) return low;
  if (first === 0xfd) return low | ((bytes[at + 3] as number) << 16);
  const isHuge = bytes[at + 5] !== 0 || bytes[at + 6] !== 0 || bytes[at + 7] !== 0 || bytes[at + 8] !== 0;
  if (first !== 0xfe || isHuge) return Number.NaN;
  return (low | ((bytes[at + 3] as number) << 16) | ((bytes[at + 4] as number) << 24)) >>> 0;
}
