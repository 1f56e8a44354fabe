import type { ColumnType } from '../column-type.ts';
import { type ExactNumber, fitsLong, fitsWord, newExactNumber } from '../numbers/exact-number.ts';
import { readNumber } from '../numbers/read-number.ts';
import { type ColumnBuilder, putDouble, putLong, putWord, putWords } from './column-builder.ts';

/** How many digits a float of 8 or 4 bytes always holds, and the smallest normal number, from which on it does. */
const eightBytes = { digits: 15, smallest: 2.3e-308 };
const single = { digits: 6, smallest: 1.18e-38 };

/** Adds an integer of 32 bits; false when the text is not one. */
export function putInt32(builder: ColumnBuilder, bytes: Uint8Array, start: number, end: number): boolean {
  const { number = newExactNumber() } = builder;
  if (!readNumber(bytes, start, end, int64, number) || !fitsWord(number)) return false;
  const value = number.words[0] as number;
  if (value < builder.lowest || value > builder.highest) return false;
  putWord(builder, value);
  return true;
}

/** Adds an integer of 64 bits, or of more where the column has room; false when the text is not one. */
export function putInt64(builder: ColumnBuilder, bytes: Uint8Array, start: number, end: number): boolean {
  const { number = newExactNumber() } = builder;
  if (!readNumber(bytes, start, end, builder.kind === 'int64' ? int64 : digitsOf(builder.type), number)) return false;
  if (builder.kind === 'int64' && !fitsLong(number)) return false;
  putExact(builder, number);
  return true;
}

/** Adds a decimal of the builder's scale, exactly; false when the text is not a number, or has digits that the column cannot hold. */
export function putDecimal(builder: ColumnBuilder, bytes: Uint8Array, start: number, end: number): boolean {
  const { type, number = newExactNumber() } = builder;
  if (type.kind !== 'decimal' || !readNumber(bytes, start, end, type, number)) return false;
  putExact(builder, number);
  return true;
}

/** In two words a number has at most 64 bits. */
function putExact(builder: ColumnBuilder, number: ExactNumber): void {
  if (builder.kind === 'int64') putWords(builder, number.words[0] as number, number.words[1] as number);
  else putLong(builder, number);
}

/** Digits of an integer: one of 64 bits has at most this many; with more, targets need a decimal. */
const int64 = { precision: 19, scale: 0 };
const unsigned = { precision: 20, scale: 0 };
const widest = { precision: 38, scale: 0 };

function digitsOf(type: ColumnType): typeof widest {
  if (type.kind !== 'integer') return widest;
  const { minimum = -(10n ** 20n), maximum = 10n ** 20n } = type;
  return minimum > -(10n ** 20n) && maximum < 10n ** 20n ? unsigned : widest;
}

/** Adds the two words of `upper * factor + lower`, of at most 18 digits in all; the factor is a power of ten up to 10^9. */
export function putParts(
  builder: ColumnBuilder,
  upper: number,
  lower: number,
  factor: number,
  isNegative: boolean,
): void {
  // The product of two numbers below 2^30, from 16 bits of one of them at a time.
  const high16 = Math.floor(upper / 65536);
  const low16 = upper - high16 * 65536;
  const bottom = low16 * factor + lower;
  const carry = Math.floor(bottom / 65536);
  const middle = high16 * factor + carry;
  const low = (middle % 65536) * 65536 + (bottom - carry * 65536);
  const high = Math.floor(middle / 65536);
  if (!isNegative) putWords(builder, low | 0, high | 0);
  else if (low === 0) putWords(builder, 0, -high | 0);
  else putWords(builder, -low | 0, ~high);
}

const numberParts = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$/;

/** Adds a double or a single; false when the text is not a number, or when the number could not be written back with its digits. */
export function putFloat(builder: ColumnBuilder, bytes: Uint8Array, start: number, end: number): boolean {
  const text = textOf(bytes, start, end);
  if (!numberParts.test(text) || !/\d/.test(text)) return false;
  const double = Number(text);
  const value = builder.type.kind === 'real' ? Math.fround(double) : double;
  if (!Number.isFinite(value)) return false;
  const { digits, smallest } = builder.type.kind === 'real' ? single : eightBytes;
  if ((text.length > digits || Math.abs(value) < smallest) && !isSame(value, text)) return false;
  putDouble(builder, value);
  return true;
}

/** Whether a number is what a text says, to half a unit of the last digit that the text has. */
function isSame(value: number, text: string): boolean {
  const wanted = partsOf(text);
  if (wanted === undefined || wanted.digits === 0n) return value === 0;
  const count = String(wanted.digits).length;
  // Enough digits to compare a number that is close to half a unit.
  const found = partsOf(Math.abs(value).toPrecision(Math.min(100, count + 25)));
  if (count > 75 || found === undefined) return false;
  const lowest = Math.min(wanted.exponent, found.exponent);
  if (Math.max(wanted.exponent, found.exponent) - lowest > 200) return false;
  const unit = 10n ** BigInt(wanted.exponent - lowest);
  const difference = wanted.digits * unit - found.digits * 10n ** BigInt(found.exponent - lowest);
  return 2n * (difference < 0n ? -difference : difference) <= unit;
}

/** A number without its sign as `digits * 10^exponent`, with no zero at its end. */
function partsOf(text: string): { readonly digits: bigint; readonly exponent: number } | undefined {
  const [, , whole = '', fraction = '', exponent = '0'] = numberParts.exec(text) ?? [];
  const all = `${whole}${fraction}`;
  if (all === '') return undefined;
  const digits = all.replace(/0+$/, '');
  return { digits: BigInt(digits || '0'), exponent: Number(exponent) - fraction.length + all.length - digits.length };
}

function textOf(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
}
