import { Decimal } from '../interface/value.ts';
import { isNumberText } from '../jsonl/values.ts';

/** As milliseconds since 1970 these would be years beyond 5000: they are microseconds and nanoseconds. */
const firstMicroseconds = 10n ** 14n;
const firstNanoseconds = 10n ** 17n;
const widest = 2n ** 63n;

/**
 * The version of a stream as any tap writes it, in milliseconds since 1970: an integer, a number with a fraction, which is cut off, or the text of one. Microseconds and nanoseconds are recognized by their
 * size and converted to milliseconds, so versions keep their order and have 13 digits. A negative number becomes 0. Undefined for anything else, and for numbers of more than 64 bits.
 */
export function readVersion(value: unknown): number | undefined {
  const text = value instanceof Decimal || typeof value === 'string' ? String(value).trim() : undefined;
  const number = text === undefined ? value : isNumberText(text) ? wholeOf(text) : undefined;
  if (typeof number !== 'number' && typeof number !== 'bigint') return undefined;
  const whole = BigInt(typeof number === 'number' ? Math.floor(number) : number);
  if (whole >= widest) return undefined;
  if (whole < 0n) return 0;
  if (whole >= firstNanoseconds) return Number(whole / 1_000_000n);
  return Number(whole >= firstMicroseconds ? whole / 1000n : whole);
}

/** The integer part; for a number with an exponent, with the precision of a double. Undefined when it has far too many digits. */
function wholeOf(text: string): bigint | undefined {
  const [whole = ''] = text.split('.');
  if (!/[eE]/.test(text)) return whole.length > 40 ? undefined : BigInt(whole);
  const number = Number(text);
  return Number.isFinite(number) ? BigInt(Math.floor(number)) : undefined;
}
