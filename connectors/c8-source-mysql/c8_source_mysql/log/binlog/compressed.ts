import { inflateRawSync, inflateSync } from 'node:zlib';
import type { EventBytes } from './event-bytes.ts';

/** The bit that a compressed part of an event of MariaDB begins with. */
const compressedBit = 0x80;
const algorithmBits = 0x70;

/** The rest of an event of MariaDB, decompressed: a byte with the number of bytes of the length, the length with the highest byte first, and a zlib stream. */
export function inflated(content: EventBytes): Uint8Array {
  const head = content.u8();
  if ((head & compressedBit) === 0 || (head & algorithmBits) !== 0)
    throw new RangeError(`${head} is not the beginning of compressed bytes`);
  let size = 0;
  for (let left = head & 0x07; left > 0; left--) size = size * 256 + content.u8();
  return exactly(size, content.take(content.rest), inflateSync);
}

/** The bit of a value that is compressed without the header of zlib, which is the default. */
const rawBit = 0x08;

/** The value of a COMPRESSED column of MariaDB: a byte with the number of bytes of the length, the length, and a deflate stream; or a byte 0 and the plain value. */
export function inflatedValue(bytes: Uint8Array, start: number, end: number): Uint8Array {
  if (start === end) return bytes.subarray(start, end);
  const head = bytes[start] as number;
  if ((head & compressedBit) === 0) return bytes.subarray(start + 1, end);
  const sizeEnd = start + 1 + (head & 0x07);
  if (sizeEnd > end) throw new RangeError('a compressed value has no length');
  let size = 0;
  for (let at = start + 1; at < sizeEnd; at++) size = size * 256 + (bytes[at] as number);
  return exactly(size, bytes.subarray(sizeEnd, end), (head & rawBit) === 0 ? inflateSync : inflateRawSync);
}

function exactly(size: number, compressed: Uint8Array, inflate: typeof inflateSync): Uint8Array {
  let bytes: Uint8Array;
  try {
    bytes = inflate(compressed, { maxOutputLength: Math.max(size, 1) });
  } catch (error) {
    throw new RangeError(`bytes that cannot be decompressed (${(error as Error).message})`);
  }
  if (bytes.length !== size) throw new RangeError(`${bytes.length} decompressed bytes came instead of ${size}`);
  return bytes;
}
