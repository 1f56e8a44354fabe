import type { ValueSchema } from 'c8connector';
import { Decimal, type Value } from 'c8connector';

/** Behind everything that a column will hold, in the same form: a moment of the year 9998, a number near the end of its type. Undefined when there is none. */
export function farFuture(value: Value, schema: ValueSchema): Value | undefined {
  if (typeof value === 'string') {
    if (/^\d{4}-\d\d-\d\d/.test(value)) return `9998${value.slice(4)}`;
    return /^\d+$/.test(value) ? '9'.repeat(value.length) : undefined;
  }
  if (typeof value === 'number' || typeof value === 'bigint') {
    const most = schema.maximum === undefined ? BigInt(Number.MAX_SAFE_INTEGER) : largest(schema.maximum);
    return BigInt(Math.ceil(Number(value))) < most ? most : undefined;
  }
  return value instanceof Decimal
    ? new Decimal(`${value.text.startsWith('-') ? '' : '9'}${value.text.replace('-', '')}`)
    : undefined;
}

/** A bound such as 2^63 is written as a double, which lies one behind the largest value. */
function largest(maximum: number | bigint): bigint {
  return typeof maximum === 'bigint'
    ? maximum
    : BigInt(Math.floor(maximum)) - (Number.isSafeInteger(maximum) ? 0n : 1n);
}
