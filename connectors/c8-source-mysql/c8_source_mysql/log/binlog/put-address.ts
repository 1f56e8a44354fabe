import { type Put, putAscii, putDigits } from './put.ts';

const hexDigits = new TextEncoder().encode('0123456789abcdef');
const hyphen = 0x2d;
const point = 0x2e;

/** The log leaves out bytes 00 at the end of these values, which have a type of their own on MariaDB only. */
function byteAt(bytes: Uint8Array, at: number, end: number): number {
  return at < end ? (bytes[at] as number) : 0;
}

/** Writes a UUID of 16 bytes. */
export const putUuid: Put = (bytes, start, end, { bytes: to }, at) => {
  let position = at;
  for (let index = 0; index < 16; index++) {
    if (index === 4 || index === 6 || index === 8 || index === 10) to[position++] = hyphen;
    const byte = byteAt(bytes, start + index, end);
    to[position++] = hexDigits[byte >> 4] as number;
    to[position++] = hexDigits[byte & 15] as number;
  }
  return position;
};

/** Writes an INET4 of 4 bytes. */
export const putInet4: Put = (bytes, start, end, { bytes: to }, at) => {
  let position = at;
  for (let index = 0; index < 4; index++) {
    if (index > 0) to[position++] = point;
    position = putDigits(byteAt(bytes, start + index, end), to, position);
  }
  return position;
};

/** Writes an INET6 of 16 bytes. */
export const putInet6: Put = (bytes, start, end, { bytes: to }, at) => {
  const words = Array.from(
    { length: 8 },
    (_, index) => (byteAt(bytes, start + 2 * index, end) << 8) | byteAt(bytes, start + 2 * index + 1, end),
  );
  return putAscii(inet6Text(words), to, at);
};

/** The server leaves out the first of the longest runs of zeros, also a single one, and writes what belongs to IPv4 as such. */
function inet6Text(words: readonly number[]): string {
  const [from, length] = longestZeros(words);
  const isOfIpv4 = from === 0 && (length === 6 || (length === 5 && words[5] === 0xffff));
  const hex = (part: readonly number[]) => part.map((word) => word.toString(16)).join(':');
  if (isOfIpv4) {
    const address = words
      .slice(6)
      .flatMap((word) => [word >> 8, word & 0xff])
      .join('.');
    return length === 6 ? `::${address}` : `::ffff:${address}`;
  }
  return length === 0 ? hex(words) : `${hex(words.slice(0, from))}::${hex(words.slice(from + length))}`;
}

function longestZeros(words: readonly number[]): readonly [from: number, length: number] {
  let longest: readonly [number, number] = [0, 0];
  let length = 0;
  for (const [index, word] of words.entries()) {
    length = word === 0 ? length + 1 : 0;
    if (length > longest[1]) longest = [index + 1 - length, length];
  }
  return longest;
}
