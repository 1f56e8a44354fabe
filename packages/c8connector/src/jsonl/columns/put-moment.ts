import { daysOfDate, daysOfMonth } from '../moments/calendar.ts';
import { highWord, lowWord, newMoment } from '../moments/moment.ts';
import { readDay, readMoment } from '../moments/read-moment.ts';
import { settleSubMicroseconds } from '../moments/sub-microseconds.ts';
import { type ColumnBuilder, putWord, putWords } from './column-builder.ts';

const zero = 0x30;
const minus = 0x2d;
const secondsOfDay = 86_400;

/** Adds a date `2023-04-05`, or a date-time at midnight in UTC; false when it is not in the calendar. */
export function putDate(builder: ColumnBuilder, bytes: Uint8Array, start: number, end: number): boolean {
  const plain = end - start === 10 ? dateAt(bytes, start) : noDate;
  const { moment = newMoment() } = builder;
  if (plain === noDate && !readDay(bytes, start, end, moment)) return false;
  putWord(builder, plain === noDate ? moment.seconds / secondsOfDay : plain);
  return true;
}

/**
 * Adds a date-time in a form that `readMoment` accepts, from year 1 to 9999 in UTC. Returns false for anything else. Digits below a microsecond are handled by the builder's policy.
 */
export function putTimestamp(builder: ColumnBuilder, bytes: Uint8Array, start: number, end: number): boolean {
  const { moment = newMoment() } = builder;
  if (!readMoment(bytes, start, end, moment)) return false;
  if (moment.isFiner && settleSubMicroseconds(moment, builder.subMicroseconds, bytes) === 'refused') return false;
  putWords(builder, lowWord(moment), highWord(moment));
  return true;
}

/** What {@link dateAt} returns where there is no valid date. */
export const noDate = -1_000_000;

/** Days since 1970 of the date `2023-04-05` at this offset; {@link noDate} when it is not in the calendar. There must be ten bytes from the offset on. */
export function dateAt(bytes: Uint8Array, at: number): number {
  if (bytes[at + 4] !== minus || bytes[at + 7] !== minus) return noDate;
  const year = twoDigits(bytes, at) * 100 + twoDigits(bytes, at + 2);
  const month = twoDigits(bytes, at + 5);
  const day = twoDigits(bytes, at + 8);
  // A byte that is not a digit makes its number negative, whatever the others are.
  if (!(year > 0 && month > 0 && month <= 12 && day > 0)) return noDate;
  const index = year * 12 + month;
  const first = firstDays[index] as number;
  return first + day > (firstDays[index + 1] as number) ? noDate : first + day - 1;
}

/** The number of two digits; far below zero when one of them is not a digit. */
function twoDigits(bytes: Uint8Array, at: number): number {
  const tens = (bytes[at] as number) ^ zero;
  const ones = (bytes[at + 1] as number) ^ zero;
  return tens > 9 || ones > 9 ? -100_000 : tens * 10 + ones;
}

/** Days since 1970 of the first of each month of the years 1 to 9999, by 12 * year + month: the calendar, computed once. */
const firstDays = new Int32Array(12 * 10_000 + 2);
for (let index = 1, day = daysOfDate(0, 1, 1); index < firstDays.length; index++) {
  firstDays[index] = day;
  const month = ((index - 1) % 12) + 1;
  day += daysOfMonth((index - month) / 12, month);
}
