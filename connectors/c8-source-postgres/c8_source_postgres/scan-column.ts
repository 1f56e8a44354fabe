import { type ColumnBuilder, dateAt, endBytes, noDate, putParts, putWord, putWords, reserveBytes } from 'c8connector';

const tab = 0x09;
const lineBreak = 0x0a;
const minus = 0x2d;
const point = 0x2e;
/** What a point is where digits are 0 to 9. */
const pointDigit = point ^ 0x30;
const zero = 0x30;
const backslash = 0x5c;

/**
 * The functions here find the end of a field while they read it: what they add they have read once. Each gives the position after the field, and -1 with nothing added when the value is not a plain
 * one. The row ends in a line break, which is where all loops end.
 */

/** Longer texts are measured first: room for all of a long row would be made in each of its columns. */
const longestText = 4096;

/** Adds a text without escapes; the row ends within `size` bytes. */
export function scanText(builder: ColumnBuilder, bytes: Uint8Array, start: number, size: number): number {
  const room = Math.min(size, longestText);
  reserveBytes(builder, room);
  const last = start + room;
  const { bytes: out } = builder;
  let to = builder.length;
  let from = start;
  let byte = bytes[from] as number;
  while (byte !== tab && byte !== lineBreak) {
    if (byte === backslash || from === last) return -1;
    out[to++] = byte;
    byte = bytes[++from] as number;
  }
  endBytes(builder, to);
  return from;
}

/** Adds an integer of up to nine digits. */
export function scanShort(builder: ColumnBuilder, bytes: Uint8Array, start: number): number {
  const isNegative = bytes[start] === minus;
  const first = isNegative ? start + 1 : start;
  let from = first;
  let value = 0;
  for (let digit = (bytes[from] as number) ^ zero; digit < 10; digit = (bytes[++from] as number) ^ zero)
    value = value * 10 + digit;
  if (from === first || from - first > 9) return -1;
  if (isNegative) value = -value;
  if (value < builder.lowest || value > builder.highest) return -1;
  putWord(builder, value);
  return from;
}

/** Adds a number of up to eighteen digits, `scale` of them after the point: all that the server writes of a decimal of that scale. */
export function scanDecimal(
  builder: ColumnBuilder,
  bytes: Uint8Array,
  start: number,
  scale: number,
  precision: number,
): number {
  const isNegative = bytes[start] === minus;
  const first = isNegative ? start + 1 : start;
  let from = first;
  let value = 0;
  let digit = (bytes[from] as number) ^ zero;
  for (; digit < 10; digit = (bytes[++from] as number) ^ zero) value = value * 10 + digit;
  let digits = from - first;
  if (scale > 0) {
    if (digit !== pointDigit) return -1;
    for (digit = (bytes[++from] as number) ^ zero; digit < 10; digit = (bytes[++from] as number) ^ zero)
      value = value * 10 + digit;
    if (from - first - digits !== scale + 1) return -1;
    digits += scale;
  }
  // What was counted so far is then no number that a word holds.
  if (digits > 9) return scanLong(builder, bytes, start, scale, precision);
  // The zero before a point does not count for the precision of a decimal.
  if (digits === scale || digits > (bytes[first] === zero ? precision + 1 : precision)) return -1;
  if (isNegative) putWords(builder, -value | 0, value === 0 ? 0 : -1);
  else putWords(builder, value, 0);
  return from;
}

/** As {@link scanDecimal}, of more than nine digits. */
function scanLong(builder: ColumnBuilder, bytes: Uint8Array, start: number, scale: number, precision: number): number {
  const isNegative = bytes[start] === minus;
  let from = isNegative ? start + 1 : start;
  const first = from;
  let upper = 0;
  let lower = 0;
  let digits = 0;
  let pointAt = -1;
  for (; ; from++) {
    const byte = bytes[from] as number;
    const digit = byte ^ zero;
    if (digit < 10) {
      if (digits < 9) upper = upper * 10 + digit;
      else lower = lower * 10 + digit;
      digits++;
    } else if (byte === point && pointAt < 0) pointAt = from;
    else break;
  }
  const behind = pointAt < 0 ? 0 : from - pointAt - 1;
  // The zero before a point does not count for the precision of a decimal.
  const most = bytes[first] === zero ? precision + 1 : precision;
  if (from === first || behind !== scale || digits > most || digits > 18) return -1;
  putParts(builder, upper, lower, digits > 9 ? (powers[digits - 9] as number) : 1, isNegative);
  return from;
}

const powers = Array.from({ length: 10 }, (_, exponent) => 10 ** exponent);

/** Adds a date. */
export function scanDate(builder: ColumnBuilder, bytes: Uint8Array, start: number, end: number): number {
  if (start + 10 >= end) return -1;
  const days = dateAt(bytes, start);
  if (days === noDate) return -1;
  putWord(builder, days);
  return start + 10;
}
