import { crc32 } from 'node:zlib';

/** The CRC-32 of bytes as S3 writes it: four bytes, the highest first, in base64. */
export function crc32Of(bytes: Uint8Array): string {
  return textOf(crc32(bytes));
}

/** What the checksum of an object needs to know about a part. */
interface Summed {
  readonly size: number;
  readonly crc32: string;
}

/** The COMPOSITE checksum of a multipart object: the checksum of its parts' checksums, and the number of parts. */
export function compositeCrc32(parts: readonly Summed[]): string {
  const joined = Buffer.concat(parts.map((part) => Buffer.from(part.crc32, 'base64')));
  return `${crc32Of(joined)}-${parts.length}`;
}

/** The FULL_OBJECT checksum of a multipart object: the checksum of all its bytes, combined from those of its parts. */
export function fullCrc32(parts: readonly Summed[]): string {
  const whole = parts.reduce((sum, part) => {
    const own = Buffer.from(part.crc32, 'base64').readUInt32BE();
    return (product(sum, powerOfX(part.size)) ^ own) >>> 0;
  }, 0);
  return textOf(whole);
}

function textOf(value: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes.toString('base64');
}

// CRC-32 is the remainder of a polynomial whose coefficients are bits, the lowest power in the highest bit. Appending bytes multiplies what came before by a power of x.

const one = 0x80000000;

function product(left: number, right: number): number {
  let sum = 0;
  let shifted = right;
  for (let bit = one; bit !== 0; bit >>>= 1) {
    if ((left & bit) !== 0) sum ^= shifted;
    shifted = (shifted & 1) === 0 ? shifted >>> 1 : (shifted >>> 1) ^ 0xedb88320;
  }
  return sum >>> 0;
}

/** The power of x by which this many appended bytes multiply. */
function powerOfX(bytes: number): number {
  let power = one;
  let square = 0x40000000;
  for (let left = bytes * 8; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) power = product(power, square);
    square = product(square, square);
  }
  return power;
}
