import { type ColumnBuilder, putWord, putWords } from './column-builder.ts';

const zero = 0x30;
const minus = 0x2d;
const colon = 0x3a;

/** Adds a date `2023-04-05`; false when it is none of the calendar. Midnight in UTC is a date too. */
export function putDate(builder: ColumnBuilder, bytes: Uint8Array, start: number, end: number): boolean {
  const days = daysAt(bytes, start, end);
  if (days === undefined || (end - start !== 10 && !isMidnight(bytes, start + 10, end))) return false;
  putWord(builder, days);
  return true;
}

const midnight = /^[Tt ]00:00(:00(\.0+)?)?([Zz]| ?[+-]00(:?00)?)?$/;

function isMidnight(bytes: Uint8Array, start: number, end: number): boolean {
  return midnight.test(Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1'));
}

/** Days since 1970 of the ten bytes from `start` on; undefined when they are no date. */
function daysAt(bytes: Uint8Array, start: number, end: number): number | undefined {
  const days = end - start < 10 ? noDate : dateAt(bytes, start);
  return days === noDate ? undefined : days;
}

/** What {@link dateAt} gives where there is no date. */
export const noDate = -1_000_000;

/** Days since 1970 of the date `2023-04-05` that stands at a place; {@link noDate} when there is none of the calendar. The bytes must reach so far. */
export function dateAt(bytes: Uint8Array, at: number): number {
  if (bytes[at + 4] !== minus || bytes[at + 7] !== minus) return noDate;
  const year = twoDigits(bytes, at) * 100 + twoDigits(bytes, at + 2);
  const month = twoDigits(bytes, at + 5);
  const day = twoDigits(bytes, at + 8);
  // A digit that is none makes its number negative beyond all others.
  if (!(year > 0 && month > 0 && month <= 12 && day > 0)) return noDate;
  const index = year * 12 + month;
  const first = firstDays[index] as number;
  return first + day > (firstDays[index + 1] as number) ? noDate : first + day - 1;
}

/** The number of two digits; far below zero when one of them is none. */
function twoDigits(bytes: Uint8Array, at: number): number {
  const tens = (bytes[at] as number) ^ zero;
  const ones = (bytes[at + 1] as number) ^ zero;
  return tens > 9 || ones > 9 ? -100_000 : tens * 10 + ones;
}

/** Days since 1970 of the first of each month of the years 1 to 9999, by 12 * year + month: the calendar worked out once. */
const firstDays = Int32Array.from({ length: 12 * 10_000 + 2 }, (_, index) => {
  const month = ((index - 1) % 12) + 1;
  return index === 0 ? 0 : daysFrom((index - month) / 12, month, 1);
});

/** Days since 1970-01-01 in the calendar that goes on backwards before 1582. Years begin in March, so that the leap day is the last one. */
function daysFrom(year: number, month: number, day: number): number {
  const shifted = month > 2 ? year : year - 1;
  const era = Math.floor(shifted / 400);
  const ofEra = shifted - era * 400;
  const ofYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return era * 146_097 + ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear - 719_468;
}

const secondsOfDay = 86_400;

/** Adds `seconds * 10^6 + microseconds`, which is beyond 2^53 for most years, as two words. */
function putMicroseconds(builder: ColumnBuilder, seconds: number, microseconds: number): void {
  const upper = Math.floor(seconds / 65536);
  const bottom = (seconds - upper * 65536) * 1_000_000 + microseconds;
  const carry = Math.floor(bottom / 65536);
  const middle = upper * 1_000_000 + carry;
  const high = Math.floor(middle / 65536);
  putWords(builder, ((middle - high * 65536) * 65536 + (bottom - carry * 65536)) | 0, high);
}

/**
 * Adds a date-time of the calendar, from year 1 to 9999, to the microsecond: `2023-04-05T06:07:08.123456+00:00`, with a blank or a small letter for T and Z, without seconds, or a date alone. Without an offset it is
 * taken for UTC. False for anything else: 24:00:00, what is finer than a microsecond, a year that has no four digits.
 */
export function putTimestamp(builder: ColumnBuilder, bytes: Uint8Array, start: number, end: number): boolean {
  const days = daysAt(bytes, start, end);
  if (days === undefined) return false;
  let at = start + 10;
  let time = 0;
  if (at < end) {
    const separator = (bytes[at] as number) | 0x20;
    if (separator !== 0x74 && separator !== 0x20) return false;
    const hours = twoDigits(bytes, at + 1);
    const minutes = twoDigits(bytes, at + 4);
    if (at + 6 > end || bytes[at + 3] !== colon || !(hours >= 0 && hours < 24 && minutes >= 0 && minutes < 60))
      return false;
    time = (hours * 60 + minutes) * 60_000_000;
    at += 6;
    if (at < end && bytes[at] === colon) {
      const seconds = twoDigits(bytes, at + 1);
      if (at + 3 > end || !(seconds >= 0 && seconds < 60)) return false;
      time += seconds * 1_000_000;
      at += 3;
      if (at < end && bytes[at] === 0x2e) {
        let digits = 0;
        let fraction = 0;
        for (at++; at < end; at++) {
          const digit = (bytes[at] as number) ^ zero;
          if (digit > 9) break;
          digits++;
          // What is finer than a microsecond must be nothing.
          if (digits <= 6) fraction = fraction * 10 + digit;
          else if (digit !== 0) return false;
        }
        if (digits === 0) return false;
        for (; digits < 6; digits++) fraction *= 10;
        time += fraction;
      }
    }
    const offset = offsetAt(bytes, at, end);
    if (offset === undefined) return false;
    time -= offset * 60_000_000;
  }
  const ofTime = Math.floor(time / 1_000_000);
  const seconds = days * secondsOfDay + ofTime;
  if (seconds < lowest || seconds > highest) return false;
  putMicroseconds(builder, seconds, time - ofTime * 1_000_000);
  return true;
}

const lowest = daysFrom(1, 1, 1) * secondsOfDay;
const highest = (daysFrom(9999, 12, 31) + 1) * secondsOfDay - 1;

/** Minutes by which a time is ahead of UTC, as the rest of a text says; 0 when it says nothing, undefined when it is no offset. */
function offsetAt(bytes: Uint8Array, start: number, end: number): number | undefined {
  if (start === end) return 0;
  const at = bytes[start] === 0x20 ? start + 1 : start;
  const sign = bytes[at] as number;
  if ((sign | 0x20) === 0x7a) return at + 1 === end ? 0 : undefined;
  if (sign !== minus && sign !== 0x2b) return undefined;
  const hours = twoDigits(bytes, at + 1);
  const minutesAt = bytes[at + 3] === colon ? at + 4 : at + 3;
  const minutes = at + 3 === end ? 0 : twoDigits(bytes, minutesAt);
  if (at + 3 > end || (at + 3 !== end && minutesAt + 2 !== end)) return undefined;
  if (!(hours >= 0 && hours < 24 && minutes >= 0 && minutes < 60)) return undefined;
  return (sign === minus ? -1 : 1) * (hours * 60 + minutes);
}
