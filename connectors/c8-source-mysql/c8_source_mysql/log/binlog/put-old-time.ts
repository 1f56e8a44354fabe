import { type Put, putFixedDigits } from './put.ts';
import { bigEndian, putClock, putDay, secondsWriter } from './put-time.ts';

const minus = 0x2d;
const blank = 0x20;
const point = 0x2e;

/** The bytes of the types before MySQL 5.6, and those of MariaDB with `mysql56_temporal_format = OFF`, by the digits of the fraction. */
const timestampSizes = [4, 5, 5, 6, 6, 7, 7];
const datetimeSizes = [8, 6, 6, 7, 7, 7, 8];
const timeSizes = [3, 4, 4, 5, 5, 5, 6];

export function oldTimestampSize(digits: number): number {
  return timestampSizes[digits] ?? 0;
}

export function oldDatetimeSize(digits: number): number {
  return datetimeSizes[digits] ?? 0;
}

export function oldTimeSize(digits: number): number {
  return timeSizes[digits] ?? 0;
}

/** Writes a TIMESTAMP: seconds since 1970, the lowest byte first; with a fraction the highest byte first, and then the fraction. */
export function putOldTimestamp(digits: number): Put {
  const putSeconds = secondsWriter();
  return (bytes, start, end, { bytes: to }, at) => {
    const seconds = digits === 0 ? littleEndian(bytes, start, 4) : bigEndian(bytes, start, 4);
    const fraction = bigEndian(bytes, start + 4, end - start - 4);
    return putDigitsOf(fraction, digits, to, putSeconds(seconds, seconds === 0 && fraction === 0, to, at));
  };
}

/** Writes a TIME: the digits of hours, minutes and seconds as one signed number. */
const putWholeTime: Put = (bytes, start, _end, { bytes: to }, at) => {
  const value = (littleEndian(bytes, start, 3) << 8) >> 8;
  const whole = Math.abs(value);
  let position = at;
  if (value < 0) to[position++] = minus;
  return putClock(Math.floor(whole / 10000), Math.floor(whole / 100) % 100, whole % 100, to, position);
};

/** One second more than the longest time. */
const timeLimit = 838 * 3600 + 59 * 60 + 60;

/** Writes a TIME; one with a fraction is a number of the least fractions of a second, from that of the shortest time on. */
export function putOldTime(digits: number): Put {
  if (digits === 0) return putWholeTime;
  const unit = 10 ** digits;
  return (bytes, start, end, { bytes: to }, at) => {
    const value = bigEndian(bytes, start, end - start) - timeLimit * unit;
    const size = Math.abs(value);
    const seconds = Math.floor(size / unit);
    let position = at;
    if (seconds >= timeLimit) throw new RangeError('a time is too long');
    if (value < 0) to[position++] = minus;
    position = putClock(Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60, to, position);
    return putDigitsOf(size - seconds * unit, digits, to, position);
  };
}

/** Writes a DATETIME: its 14 digits as a number. */
const putWholeDatetime: Put = (bytes, start, _end, { bytes: to }, at) => {
  const value = littleEndian(bytes, start, 8);
  const date = Math.floor(value / 1e6);
  const time = value - date * 1e6;
  if (date > 99991231) throw new RangeError(`${value} is not a datetime`);
  const position = putDay(Math.floor(date / 10000), Math.floor(date / 100) % 100, date % 100, to, at);
  to[position] = blank;
  return putClock(Math.floor(time / 10000), Math.floor(time / 100) % 100, time % 100, to, position + 1);
};

/** Writes a DATETIME; one with a fraction is one number of 13 months, 32 days, 24 hours, 60 minutes, 60 seconds and the fraction. */
export function putOldDatetime(digits: number): Put {
  if (digits === 0) return putWholeDatetime;
  const unit = 10n ** BigInt(digits);
  return (bytes, start, end, { bytes: to }, at) => {
    let value = 0n;
    for (let index = start; index < end; index++) value = (value << 8n) | BigInt(bytes[index] as number);
    const seconds = Number(value / unit);
    const days = Math.floor(seconds / 86400);
    const months = Math.floor(days / 32);
    if (months > 9999 * 13 + 12) throw new RangeError('a datetime is out of range');
    let position = putDay(Math.floor(months / 13), months % 13, days % 32, to, at);
    to[position++] = blank;
    position = putClock(Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, seconds % 60, to, position);
    return putDigitsOf(Number(value % unit), digits, to, position);
  };
}

function putDigitsOf(fraction: number, digits: number, to: Uint8Array, at: number): number {
  if (digits === 0) return at;
  if (fraction >= 10 ** digits) throw new RangeError(`${fraction} is not a fraction of a second`);
  to[at] = point;
  return putFixedDigits(fraction, digits, to, at + 1);
}

function littleEndian(bytes: Uint8Array, at: number, size: number): number {
  let value = 0;
  for (let index = size - 1; index >= 0; index--) value = value * 256 + (bytes[at + index] as number);
  return value;
}
