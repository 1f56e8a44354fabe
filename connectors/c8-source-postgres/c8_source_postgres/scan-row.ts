import { type ColumnBuilder, dateAt, noDate, putParts, reserveBytes } from 'c8connector';
import type { FieldScan } from 'c8connector-sql';

const tab = 0x09;
const lineBreak = 0x0a;
const minus = 0x2d;
const point = 0x2e;
const zero = 0x30;
/** The point after XOR with `0`, which maps digits to 0 to 9. */
const pointDigit = point ^ zero;
const backslash = 0x5c;

/** Where a scan starts, and afterwards where it stopped. */
export interface ScanPlace {
  /** Index of the field. */
  index: number;
  /** Where the field begins in the bytes. */
  at: number;
}

/**
 * Reads the fields of a row of COPY text from `place` on and writes their values at `row` into the arrays of the builders, which have room for it. Returns the position after the row, or -1 at a value that
 * is not plain: `place` is then that field. The end of a field is found while it is read, so that each byte is read once; all loops end at the line break, the last byte before `end`.
 * The counts of the builders are not updated, since writing them for each value would cost a quarter of the time.
 */
export function scanRow(
  scans: readonly FieldScan[],
  builders: readonly ColumnBuilder[],
  bytes: Uint8Array,
  end: number,
  row: number,
  place: ScanPlace,
): number {
  const last = scans.length - 1;
  let from = place.at;
  for (let index = place.index; index <= last; index++) {
    const scan = scans[index] as FieldScan;
    const builder = builders[index] as ColumnBuilder;
    const { kind } = scan;
    let after = -1;
    if (kind === 'text') after = scanText(builder, bytes, from, end, row);
    else if (kind === 'date') after = scanDate(builder, bytes, from, row);
    else if (kind === 'number') after = scanNumber(scan, builder, bytes, from, row);
    if (after < 0 || bytes[after] !== (index === last ? lineBreak : tab)) {
      place.index = index;
      place.at = from;
      return -1;
    }
    from = after + 1;
  }
  return from;
}

/** In longer rows texts are measured first, since otherwise each column would reserve room for the whole row. */
const longestRow = 4096;

/** Reads a text without escapes. */
function scanText(builder: ColumnBuilder, bytes: Uint8Array, start: number, end: number, row: number): number {
  const size = end - start;
  if (size > longestRow) return -1;
  if (builder.length + size > builder.bytes.length) reserveBytes(builder, size);
  const { bytes: out } = builder;
  let to = builder.length;
  let at = start;
  let byte = bytes[at] as number;
  while (byte !== tab && byte !== lineBreak && byte !== backslash) {
    out[to++] = byte;
    byte = bytes[++at] as number;
  }
  if (byte === backslash) return -1;
  builder.length = to;
  builder.ends[row] = to;
  return at;
}

function scanDate(builder: ColumnBuilder, bytes: Uint8Array, at: number, row: number): number {
  const days = dateAt(bytes, at);
  if (days === noDate) return -1;
  builder.words[row] = days;
  return at + 10;
}

/** Reads a number of up to eighteen digits, `scale` of them after the point: the server's form of an integer, or of a decimal of that scale. */
function scanNumber(
  { scale, precision }: FieldScan,
  builder: ColumnBuilder,
  bytes: Uint8Array,
  start: number,
  row: number,
): number {
  const isNegative = bytes[start] === minus;
  const first = isNegative ? start + 1 : start;
  let at = first;
  let value = 0;
  let digit = (bytes[at] as number) ^ zero;
  for (; digit < 10; digit = (bytes[++at] as number) ^ zero) value = value * 10 + digit;
  let digits = at - first;
  if (scale > 0) {
    if (digit !== pointDigit) return -1;
    for (digit = (bytes[++at] as number) ^ zero; digit < 10; digit = (bytes[++at] as number) ^ zero)
      value = value * 10 + digit;
    if (at - first - digits !== scale + 1) return -1;
    digits += scale;
  }
  if (digits === scale) return -1;
  // The zero before the point does not count towards the precision of a decimal.
  if (bytes[first] === zero) digits--;
  if (digits > precision) return -1;
  const { words, kind } = builder;
  if (digits > 9) {
    if (kind === 'int32') return -1;
    // `value` may be inexact here, so the digits are read again in two parts.
    builder.count = row;
    putDigits(builder, bytes, first, at, isNegative);
    return at;
  }
  if (isNegative) value = -value;
  if (kind === 'int32') {
    if (value < builder.lowest || value > builder.highest) return -1;
    words[row] = value;
  } else {
    words[2 * row] = value;
    words[2 * row + 1] = value < 0 ? -1 : 0;
  }
  return at;
}

const powers = Array.from({ length: 10 }, (_, exponent) => 10 ** exponent);

/** Adds a number of ten to eighteen digits, with or without a point among them and a zero before it. */
function putDigits(builder: ColumnBuilder, bytes: Uint8Array, first: number, end: number, isNegative: boolean): void {
  let upper = 0;
  let lower = 0;
  let digits = 0;
  for (let at = first; at < end; at++) {
    const digit = (bytes[at] as number) ^ zero;
    if (digit === pointDigit || (digit === 0 && digits === 0)) continue;
    if (digits < 9) upper = upper * 10 + digit;
    else lower = lower * 10 + digit;
    digits++;
  }
  putParts(builder, upper, lower, powers[digits - 9] as number, isNegative);
}
