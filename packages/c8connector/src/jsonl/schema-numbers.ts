import type { ValueSchema } from '../interface/stream.ts';
import { Decimal } from '../interface/value.ts';
import { isNumberText } from './values.ts';

/** Bounds of a schema as whole numbers, whether exclusive bounds are booleans (draft 4) or numbers (later drafts). Absent when it has none. */
export function integerBounds(schema: ValueSchema): { readonly minimum?: bigint; readonly maximum?: bigint } {
  const minimum = bound(schema.minimum, schema.exclusiveMinimum, 1n);
  const maximum = bound(schema.maximum, schema.exclusiveMaximum, -1n);
  return { ...(minimum === undefined ? {} : { minimum }), ...(maximum === undefined ? {} : { maximum }) };
}

/** The scale s of a `multipleOf` of 10^-s; undefined for all other values. */
export function decimalScale(multipleOf: unknown): number | undefined {
  if (!['number', 'string'].includes(typeof multipleOf) && !(multipleOf instanceof Decimal)) return undefined;
  const match = /^(?:1(?:\.0+)?|0\.(0*)10*)(?:[eE]([+-]?\d+))?$/.exec(String(multipleOf));
  if (match === null) return undefined;
  const [, zeros, exponent = '0'] = match;
  const scale = (zeros === undefined ? 0 : zeros.length + 1) - Number(exponent);
  return scale >= 0 ? scale : undefined;
}

/** How many digits before the point the bounds of a schema allow; 0 when it has none. */
export function digitsOf(schema: ValueSchema): number {
  const { minimum, maximum } = integerBounds(schema);
  const digits = (value: bigint | undefined) => (value === undefined ? 0 : String(value).replace('-', '').length);
  return Math.max(digits(minimum), digits(maximum));
}

function bound(inclusive: unknown, exclusive: unknown, inward: bigint): bigint | undefined {
  const own = wholeNumber(inclusive, inward);
  if (exclusive === true) return own?.isWhole ? own.value + inward : own?.value;
  const other = wholeNumber(exclusive, inward);
  const strict = other?.isWhole ? other.value + inward : other?.value;
  if (own === undefined || strict === undefined) return own?.value ?? strict;
  return own.value > strict === inward > 0n ? own.value : strict;
}

/** A bound with more digits is ignored: nobody stores such numbers. */
const mostDigits = 400;

/** Rounded inward, so that the bound stays true for whole numbers. */
function wholeNumber(
  value: unknown,
  inward: bigint,
): { readonly value: bigint; readonly isWhole: boolean } | undefined {
  if (typeof value === 'bigint') return { value, isWhole: true };
  const text = value instanceof Decimal ? value.text : value;
  if (typeof text === 'string' && text.length > mostDigits) return undefined;
  if (typeof text === 'string' && /^-?\d+$/.test(text)) return { value: BigInt(text), isWhole: true };
  const number = typeof text === 'string' && isNumberText(text) ? Number(text) : text;
  if (typeof number !== 'number' || !Number.isFinite(number)) return undefined;
  // 2^63-1 and 2^64-1 are not doubles: a schema that was written with doubles means them when it says 2^63 and 2^64
  if (number === 2 ** 63 || number === 2 ** 64) return { value: BigInt(number) - 1n, isWhole: true };
  return { value: BigInt(inward > 0n ? Math.ceil(number) : Math.floor(number)), isWhole: Number.isInteger(number) };
}
