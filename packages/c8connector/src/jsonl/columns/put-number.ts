import type { ColumnType } from '../column-type.ts';
import { type ColumnBuilder, putDouble, putLong, putWord, putWords } from './column-builder.ts';
import { layoutOf, shortDigits } from './layout.ts';

const minus = 0x2d;
const point = 0x2e;
const zero = 0x30;

/** Digits that a number of 8 and of 4 bytes holds whatever they are, from the smallest on that has all its bits. */
const eightBytes = { digits: 15, smallest: 2.3e-308 };
const single = { digits: 6, smallest: 1.18e-38 };

/** Adds an integer of 32 bits; false when the text is none. */
export function putInt32(builder: ColumnBuilder, bytes: Uint8Array, start: number, end: number): boolean {
  const isNegative = bytes[start] === minus;
  let at = isNegative ? start + 1 : start;
  if (at === end || end - at > 9) return putOtherInteger(builder, bytes, start, end);
  let value = 0;
  for (; at < end; at++) {
    const digit = (bytes[at] as number) ^ zero;
    if (digit > 9) return putOtherInteger(builder, bytes, start, end);
    value = value * 10 + digit;
  }
  if (isNegative) value = -value;
  if (value < builder.lowest || value > builder.highest) return false;
  putWord(builder, value);
  return true;
}

/** Adds an integer of 64 bits; false when the text is none. */
export function putInt64(builder: ColumnBuilder, bytes: Uint8Array, start: number, end: number): boolean {
  if (builder.kind === 'decimal128') return putOtherInteger(builder, bytes, start, end);
  return putShort(builder, bytes, start, end, 0, shortDigits) || putOtherInteger(builder, bytes, start, end);
}

/** Adds a decimal of the builder's scale, exactly; false when the text is none, or has digits that it cannot hold. */
export function putDecimal(builder: ColumnBuilder, bytes: Uint8Array, start: number, end: number): boolean {
  const { type } = builder;
  if (type.kind !== 'decimal') return false;
  const { precision, scale } = type;
  if (precision <= shortDigits && putShort(builder, bytes, start, end, scale, precision)) return true;
  return putUnscaled(builder, textOf(bytes, start, end), precision, scale);
}

/**
 * Adds up to 18 digits, of which `scale` stand behind the point, as two words. False, with nothing added, for whatever is not written in this plain way or has more digits. The number is
 * kept as two parts below 2^53 until its words are known.
 */
function putShort(
  builder: ColumnBuilder,
  bytes: Uint8Array,
  start: number,
  end: number,
  scale: number,
  precision: number,
): boolean {
  const isNegative = bytes[start] === minus;
  let at = isNegative ? start + 1 : start;
  const first = at;
  let upper = 0;
  let lower = 0;
  let digits = 0;
  let behind = -1;
  for (; at < end; at++) {
    const byte = bytes[at] as number;
    const digit = byte ^ zero;
    if (digit > 9) {
      if (byte !== point || behind >= 0 || at === first) return false;
      behind = 0;
      continue;
    }
    if (behind >= 0 && ++behind > scale) return false;
    if (digits < 9) upper = upper * 10 + digit;
    else lower = lower * 10 + digit;
    // Leading zeros are no digits.
    if (digits > 0 || digit > 0) digits++;
  }
  if (at === first || behind === 0) return false;
  for (let missing = scale - Math.max(behind, 0); missing > 0; missing--) {
    if (digits < 9) upper = upper * 10;
    else lower = lower * 10;
    if (digits > 0) digits++;
  }
  if (digits > precision || digits > shortDigits) return false;
  putParts(builder, upper, lower, digits > 9 ? (powers[digits - 9] as number) : 1, isNegative);
  return true;
}

const powers = Array.from({ length: 10 }, (_, exponent) => 10 ** exponent);

/** Adds the two words of `upper * factor + lower`, of at most 18 digits in all; the factor is a power of ten up to 10^9. */
export function putParts(
  builder: ColumnBuilder,
  upper: number,
  lower: number,
  factor: number,
  isNegative: boolean,
): void {
  // The product of two numbers below 2^30, in parts of 2^16 of one of them.
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

function putOtherInteger(builder: ColumnBuilder, bytes: Uint8Array, start: number, end: number): boolean {
  return putUnscaled(builder, textOf(bytes, start, end), integerDigits(builder.type), 0);
}

/** Digits of an integer at most; targets have a decimal of so many for one that is beyond 64 bits. */
function integerDigits(type: ColumnType): number {
  if (type.kind !== 'integer' || layoutOf(type) !== 'decimal128') return 19;
  const { minimum = -(10n ** 20n), maximum = 10n ** 20n } = type;
  return minimum > -(10n ** 20n) && maximum < 10n ** 20n ? 20 : 38;
}

const numberParts = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$/;

/** Adds what a number is times 10^scale, if that is whole and has no more digits than `precision`. */
function putUnscaled(builder: ColumnBuilder, text: string, precision: number, scale: number): boolean {
  const unscaled = unscaledOf(text, scale, precision);
  if (unscaled === undefined) return false;
  if (builder.kind === 'int32') {
    if (unscaled < builder.lowest || unscaled > builder.highest) return false;
    putWord(builder, Number(unscaled));
  } else if (builder.kind === 'int64') {
    if (BigInt.asIntN(64, unscaled) !== unscaled) return false;
    putWords(builder, Number(BigInt.asIntN(32, unscaled)), Number(BigInt.asIntN(32, unscaled >> 32n)));
  } else putLong(builder, unscaled);
  return true;
}

/** The whole number that a text is times 10^scale; undefined when it is not whole, has too many digits, or the text is not a number. */
function unscaledOf(text: string, scale: number, precision: number): bigint | undefined {
  const [, sign, whole = '', fraction = '', exponent = '0'] = numberParts.exec(text) ?? [];
  if (sign === undefined || whole.length + fraction.length === 0) return undefined;
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return 0n;
  // Zeros that stand at the end of the value once it is multiplied.
  const zeros = Number(exponent) - fraction.length + scale + (digits.length - significant.length);
  if (zeros < 0 || significant.length + zeros > precision) return undefined;
  const unscaled = BigInt(significant) * 10n ** BigInt(zeros);
  return sign === '-' ? -unscaled : unscaled;
}

/** Adds a double, or a single; false when the text is not a number, or one that would not come out again with its digits. */
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
  // So many that no digits of a number that is close to the half are lost.
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
