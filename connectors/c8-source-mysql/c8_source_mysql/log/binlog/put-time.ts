import { type Put, putDigits, putFixedDigits, putTwo } from './put.ts';

const minus = 0x2d;
const colon = 0x3a;
const blank = 0x20;
const point = 0x2e;

/** The years of a YEAR are counted from here; 0 is the year 0000. */
const yearBase = 1900;

export const putYear: Put = (bytes, start, _end, { bytes: to }, at) => {
  const year = bytes[start] as number;
  return putFixedDigits(year === 0 ? 0 : yearBase + year, 4, to, at);
};

/** Writes a DATE: 5 bits for the day, 4 for the month, the others for the year; the lowest byte first. */
export const putDate: Put = (bytes, start, _end, { bytes: to }, at) => {
  const value = (bytes[start] as number) | ((bytes[start + 1] as number) << 8) | ((bytes[start + 2] as number) << 16);
  return putDay(value >> 9, (value >> 5) & 15, value & 31, to, at);
};

/** Bytes of a fraction with this many digits. */
export function fractionSize(digits: number): number {
  return (digits + 1) >> 1;
}

/** Writes a DATETIME: 17 bits for year and month, 5 for each of day and hour, 6 for each of minute and second, and the fraction. */
export function putDatetime(digits: number): Put {
  const size = fractionSize(digits);
  return (bytes, start, _end, { bytes: to }, at) => {
    // The highest bit is the sign, which is set for all dates that exist.
    const high = bigEndian(bytes, start, 2) - 0x8000;
    const low = bigEndian(bytes, start + 2, 3);
    if (high < 0) throw new RangeError('a datetime is negative');
    const months = high * 4 + (low >> 22);
    const month = months % 13;
    let position = putDay((months - month) / 13, month, (low >> 17) & 31, to, at);
    to[position++] = blank;
    position = putClock((low >> 12) & 31, (low >> 6) & 63, low & 63, to, position);
    return putFraction(bigEndian(bytes, start + 5, size), digits, to, position);
  };
}

/** Writes a TIMESTAMP in UTC: seconds since 1970, and the fraction. 0 is the zero date. */
export function putTimestamp(digits: number): Put {
  const size = fractionSize(digits);
  const putSeconds = secondsWriter();
  return (bytes, start, _end, { bytes: to }, at) => {
    const seconds = bigEndian(bytes, start, 4);
    const fraction = bigEndian(bytes, start + 4, size);
    return putFraction(fraction, digits, to, putSeconds(seconds, seconds === 0 && fraction === 0, to, at));
  };
}

type PutSeconds = (seconds: number, isZero: boolean, to: Uint8Array, at: number) => number;

/** Writes a time in seconds since 1970; remembers the last day, since most rows are of the same one. */
export function secondsWriter(): PutSeconds {
  let lastDay = -1;
  const text = new Uint8Array(10);
  return (seconds, isZero, to, at) => {
    if (isZero) return putZeroDatetime(to, at);
    const day = Math.floor(seconds / 86400);
    if (day !== lastDay) {
      lastDay = day;
      const date = new Date(day * 86_400_000);
      putDay(date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate(), text, 0);
    }
    for (let index = 0; index < 10; index++) to[at + index] = text[index] as number;
    to[at + 10] = blank;
    const rest = seconds - day * 86400;
    const hour = (rest / 3600) | 0;
    const minute = ((rest - hour * 3600) / 60) | 0;
    return putClock(hour, minute, rest - hour * 3600 - minute * 60, to, at + 11);
  };
}

function putZeroDatetime(to: Uint8Array, at: number): number {
  const position = putDay(0, 0, 0, to, at);
  to[position] = blank;
  return putClock(0, 0, 0, to, position + 1);
}

/** Writes a TIME: a bit for the sign, 10 bits for the hours and 6 for each of minutes and seconds, and the fraction, all of it one number that is less than the middle of its range if the time is negative. */
export function putTime(digits: number): Put {
  const size = fractionSize(digits);
  const unit = 256 ** size;
  const middle = 0x800000 * unit;
  return (bytes, start, _end, { bytes: to }, at) => {
    const packed = bigEndian(bytes, start, 3 + size) - middle;
    const value = Math.abs(packed);
    const whole = Math.floor(value / unit);
    let position = at;
    if (packed < 0) to[position++] = minus;
    position = putClock(whole >> 12, (whole >> 6) & 63, whole & 63, to, position);
    return putFraction(value - whole * unit, digits, to, position);
  };
}

/** A number whose highest byte comes first. */
export function bigEndian(bytes: Uint8Array, at: number, size: number): number {
  let value = 0;
  for (let index = 0; index < size; index++) value = value * 256 + (bytes[at + index] as number);
  return value;
}

/** Writes a date. */
export function putDay(year: number, month: number, day: number, to: Uint8Array, at: number): number {
  let position = putFixedDigits(year, 4, to, at);
  to[position++] = minus;
  position = putTwo(month, to, position);
  to[position++] = minus;
  return putTwo(day, to, position);
}

/** Writes hours, at least two digits, minutes and seconds. */
export function putClock(hour: number, minute: number, second: number, to: Uint8Array, at: number): number {
  let position = hour < 100 ? putTwo(hour, to, at) : putDigits(hour, to, at);
  to[position++] = colon;
  position = putTwo(minute, to, position);
  to[position++] = colon;
  return putTwo(second, to, position);
}

/** Writes a point and the declared digits of a fraction of a second. An odd number of digits is stored with one more. */
function putFraction(fraction: number, digits: number, to: Uint8Array, at: number): number {
  const stored = digits & 1 ? Math.floor(fraction / 10) : fraction;
  if (stored >= 10 ** digits) throw new RangeError(`${fraction} is not a fraction of a second`);
  if (digits === 0) return at;
  to[at] = point;
  return putFixedDigits(stored, digits, to, at + 1);
}
