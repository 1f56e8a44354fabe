import { singleText } from '../../convert-number.ts';
import { doubleText } from './double-text.ts';
import { type Put, putAscii, putDigits, putFixedDigits } from './put.ts';

const minus = 0x2d;
const point = 0x2e;
const zero = 0x30;

/** Writes an integer of 1 to 4 bytes, the lowest first. */
export function putInteger(size: number, isUnsigned: boolean): Put {
  const unused = 32 - 8 * size;
  return (bytes, start, _end, { bytes: to }, at) => {
    let value = 0;
    for (let index = 0; index < size; index++) value |= (bytes[start + index] as number) << (8 * index);
    value <<= unused;
    if (isUnsigned) return putDigits((value >>> unused) >>> 0, to, at);
    value >>= unused;
    if (value >= 0) return putDigits(value, to, at);
    to[at] = minus;
    return putDigits(-value, to, at + 1);
  };
}

/** Writes an integer of 8 bytes. */
export function putLong(isUnsigned: boolean): Put {
  return (bytes, start, _end, { bytes: to }, at) => {
    let low = wordAt(bytes, start);
    let high = wordAt(bytes, start + 4);
    let position = at;
    if (!isUnsigned && high >= 0x80000000) {
      to[position++] = minus;
      low = -low >>> 0;
      high = (~high + (low === 0 ? 1 : 0)) >>> 0;
    }
    if (high < 0x200000) return putDigits(high * 2 ** 32 + low, to, position);
    return putAscii(String((BigInt(high) << 32n) | BigInt(low)), to, position);
  };
}

function wordAt(bytes: Uint8Array, at: number): number {
  const [first, second, third, fourth] = [bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]] as number[];
  return ((first as number) | ((second as number) << 8) | ((third as number) << 16) | ((fourth as number) << 24)) >>> 0;
}

/** Bytes of up to nine digits. */
const digitBytes = [0, 1, 1, 2, 2, 3, 3, 4, 4, 4];
const groupDigits = 9;
/** What a group of this many digits is less than. */
const limits = digitBytes.map((_, digits) => 10 ** digits);

/** How many bytes a decimal has. */
export function decimalSize(precision: number, scale: number): number {
  const sizeOf = (digits: number) =>
    Math.floor(digits / groupDigits) * 4 + (digitBytes[digits % groupDigits] as number);
  return sizeOf(precision - scale) + sizeOf(scale);
}

/**
 * Writes a decimal: groups of nine digits as integers, the highest byte first; a shorter group is the first one before the point, and the last one after it. The first bit is inverted, and all bits of a negative number.
 */
export function putDecimal(precision: number, scale: number): Put {
  const before = groupsOf(precision - scale, true);
  const after = groupsOf(scale, false);
  return (bytes, start, _end, { bytes: to }, at) => {
    const isNegative = ((bytes[start] as number) & 0x80) === 0;
    const mask = isNegative ? 0xff : 0;
    let from = start;
    let position = at;
    if (isNegative) to[position++] = minus;
    const first = position;
    let flip = 0x80;
    for (let index = 0; index < before.length; index++) {
      const digits = before[index] as number;
      const size = digitBytes[digits] as number;
      const value = groupAt(bytes, from, size, mask, flip, limits[digits] as number);
      flip = 0;
      from += size;
      if (position > first) position = putFixedDigits(value, digits, to, position);
      else if (value !== 0) position = putDigits(value, to, position);
    }
    if (position === first) to[position++] = zero;
    if (after.length === 0) return position;
    to[position++] = point;
    for (let index = 0; index < after.length; index++) {
      const digits = after[index] as number;
      const size = digitBytes[digits] as number;
      position = putFixedDigits(groupAt(bytes, from, size, mask, flip, limits[digits] as number), digits, to, position);
      flip = 0;
      from += size;
    }
    return position;
  };
}

/** The numbers of digits of each group. */
function groupsOf(digits: number, isPartialFirst: boolean): Uint8Array {
  const whole = new Array<number>(Math.floor(digits / groupDigits)).fill(groupDigits);
  const partial = digits % groupDigits === 0 ? [] : [digits % groupDigits];
  return Uint8Array.from(isPartialFirst ? [...partial, ...whole] : [...whole, ...partial]);
}

function groupAt(bytes: Uint8Array, at: number, size: number, mask: number, flip: number, limit: number): number {
  let value = ((bytes[at] as number) ^ mask ^ flip) & 0xff;
  for (let index = 1; index < size; index++) value = value * 256 + ((bytes[at + index] as number) ^ mask);
  if (value >= limit) throw new RangeError('a decimal has an invalid group of digits');
  return value;
}

/** Writes a float as the shortest text of 32 bits. */
export function putFloat(): Put {
  const value = new Float32Array(1);
  const valueBytes = new Uint8Array(value.buffer);
  return (bytes, start, end, { bytes: to }, at) => {
    for (let index = start; index < end; index++) valueBytes[index - start] = bytes[index] as number;
    return putAscii(singleText(value[0] as number), to, at);
  };
}

/** Writes a double as the server does, also one that is declared with digits after the point. */
export function putDouble(): Put {
  const value = new Float64Array(1);
  const valueBytes = new Uint8Array(value.buffer);
  return (bytes, start, end, { bytes: to }, at) => {
    for (let index = start; index < end; index++) valueBytes[index - start] = bytes[index] as number;
    return putAscii(doubleText(value[0] as number), to, at);
  };
}
