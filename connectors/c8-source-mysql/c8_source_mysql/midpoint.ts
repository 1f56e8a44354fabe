import type { Alphabet } from './alphabet.ts';

/** Gives a value that lies between two others, above the first and not above the second; undefined when it knows none. All are in the server's own text, bytes in hexadecimal. */
export type Midpoint = (low: string, high: string) => string | undefined;

/** Between integers and decimals with this many digits after the point. */
export function numberMidpoint(scale: number): Midpoint {
  const numberOf = (text: string): bigint => {
    const [whole = '', fraction = ''] = text.split('.');
    return BigInt(whole + fraction.padEnd(scale, '0').slice(0, scale));
  };
  return (low, high) => {
    const middle = between(numberOf(low), numberOf(high));
    if (middle === undefined || scale === 0) return middle?.toString();
    const digits = String(middle < 0n ? -middle : middle).padStart(scale + 1, '0');
    return `${middle < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
  };
}

const day = 24n * 3600n * 1_000_000n;

/** Between dates, with a time or without; zero and partial dates included. */
export function dateMidpoint(low: string, high: string): string | undefined {
  const middle = between(momentOf(low), momentOf(high));
  if (middle === undefined) return undefined;
  const days = middle / day;
  // Days that each month has: the result need not be exactly in the middle.
  const parts = [days / 372n, clamped((days / 31n) % 12n, 11n) + 1n, clamped(days % 31n, 27n) + 1n];
  const [year, month, date] = parts.map((part, index) => String(part).padStart(index === 0 ? 4 : 2, '0'));
  const text = `${year}-${month}-${date}${low.length > 10 ? ` ${clockText(middle % day)}` : ''}`;
  return momentOf(text) > momentOf(low) && momentOf(text) <= momentOf(high) ? text : undefined;
}

/** Between times, which may be negative. */
export function timeMidpoint(low: string, high: string): string | undefined {
  const middle = between(clockOf(low), clockOf(high));
  return middle === undefined ? undefined : `${middle < 0n ? '-' : ''}${clockText(middle < 0n ? -middle : middle)}`;
}

/** Between bytes in hexadecimal. */
export function bytesMidpoint(low: string, high: string): string | undefined {
  const shared = commonLength(low, high);
  const size = shared + 16 + (shared % 2);
  const numberOf = (text: string): bigint => BigInt(`0x${text.slice(0, size).padEnd(size, '0')}`);
  return strictlyBetween(numberOf(low), numberOf(high))?.toString(16).padStart(size, '0');
}

/** Between UUIDs of the same version: MariaDB orders those up to version 5 by their last group first. */
export function uuidMidpoint(low: string, high: string): string | undefined {
  const isTurned = /^.{14}[1-5]/.test(low);
  const digitsOf = (text: string): string => (isTurned ? text.split('-').reverse() : text.split('-')).join('');
  const middle = bytesMidpoint(digitsOf(low), digitsOf(high))?.slice(0, 32).padEnd(32, '0');
  if (middle === undefined) return undefined;
  const sizes = isTurned ? [12, 4, 4, 4, 8] : [8, 4, 4, 4, 12];
  const groups = sizes.map((size, index) => {
    const at = sizes.slice(0, index).reduce((sum, one) => sum + one, 0);
    return middle.slice(at, at + size);
  });
  const text = (isTurned ? groups.reverse() : groups).join('-');
  // With the version and the variant of the others.
  return `${text.slice(0, 14)}${low[14]}${text.slice(15, 19)}${low[19]}${text.slice(20)}`;
}

/** Characters after the shared ones of two texts that count. */
const digits = 6;

/** Between texts, by the characters of this alphabet. */
export function textMidpoint(alphabet: Alphabet): Midpoint {
  const base = BigInt(alphabet.characters.length);
  return (low, high) => {
    const [from, to] = [alphabet.ranksOf(low), alphabet.ranksOf(high)];
    const differing = from.findIndex((rank, index) => rank !== to[index]);
    const shared = differing < 0 ? from.length : differing;
    const numberOf = (ranks: readonly number[]): bigint =>
      Array.from({ length: digits }, (_, index) => BigInt(ranks[shared + index] ?? 0)).reduce(
        (sum, rank) => sum * base + rank,
        0n,
      );
    let rest = strictlyBetween(numberOf(from), numberOf(to));
    if (rest === undefined) return undefined;
    let text = '';
    for (let digit = 0; digit < digits; digit++) {
      text = (alphabet.characters[Number(rest % base)] ?? '') + text;
      rest /= base;
    }
    return Array.from(low).slice(0, shared).join('') + text;
  };
}

/** Above `low`, and at most `high`. */
function between(low: bigint, high: bigint): bigint | undefined {
  return low < high ? low + (high - low + 1n) / 2n : undefined;
}

function strictlyBetween(low: bigint, high: bigint): bigint | undefined {
  return high - low > 1n ? (low + high) / 2n : undefined;
}

/** A number in the order of the dates, of months of 31 days. */
function momentOf(text: string): bigint {
  const [date = '', clock = ''] = text.split(' ');
  const [year = 0n, month = 0n, dayOfMonth = 0n] = date.split('-').map(BigInt);
  return (year * 372n + (month - 1n) * 31n + dayOfMonth - 1n) * day + (clock === '' ? 0n : clockOf(clock));
}

/** Microseconds. */
function clockOf(text: string): bigint {
  const [hours = 0n, minutes = 0n, seconds = 0n] = text.replace('-', '').replace(/\..*/, '').split(':').map(BigInt);
  const [, fraction = ''] = text.split('.');
  const size = ((hours * 60n + minutes) * 60n + seconds) * 1_000_000n + BigInt(fraction.padEnd(6, '0'));
  return text.startsWith('-') ? -size : size;
}

function clockText(microseconds: bigint): string {
  const seconds = microseconds / 1_000_000n;
  const [clock, fraction] = [[seconds / 3600n, (seconds / 60n) % 60n, seconds % 60n], microseconds % 1_000_000n];
  return `${clock.map((part) => String(part).padStart(2, '0')).join(':')}.${String(fraction).padStart(6, '0')}`;
}

function clamped(value: bigint, largest: bigint): bigint {
  return value < 0n ? 0n : value > largest ? largest : value;
}

function commonLength(one: string, other: string): number {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length++;
  return length;
}
