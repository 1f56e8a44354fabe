import { daysOfDate, daysOfMonth } from './calendar.ts';
import type { Moment, MomentProblem } from './moment.ts';

const zero = 0x30;
const hyphen = 0x2d;
const plus = 0x2b;
const colon = 0x3a;
const blank = 0x20;

const secondsOfDay = 86_400;
/** 0001-01-01T00:00:00Z, and the last second of 9999. */
const firstSecond = -62_135_596_800;
const lastSecond = 253_402_300_799;

/**
 * Reads the ASCII text from `start` to before `end` as a date and time. The same rule applies everywhere: `2023-04-05`, `2023-04-05T06:07:08.123456789+02:00`, and common variants:
 * a blank or a lower-case letter for T and Z, a comma for the point, no seconds, a blank before the offset, an offset without colon, without minutes or with seconds, `UTC` for Z, ` BC` at the end, years with a
 * sign and up to six digits. Without an offset it counts as UTC. Returns whether a column of times can hold it; otherwise `moment.problem` is the reason. Digits below a microsecond are not a problem here, see
 * {@link settleSubMicroseconds}.
 */
export function readMoment(bytes: Uint8Array, start: number, end: number, moment: Moment): boolean {
  moment.problem = undefined;
  moment.microseconds = 0;
  moment.isFiner = false;
  moment.hasZone = false;
  moment.offset = 0;
  moment.fractionStart = end;
  moment.fractionEnd = end;
  const textEnd = isBeforeChrist(bytes, start, end) ? end - 3 : end;
  const dateEnd = readDate(bytes, start, textEnd, textEnd < end, moment);
  if (dateEnd >= 0 && dateEnd < textEnd) readBehindDate(bytes, dateEnd, textEnd, moment);
  if (moment.problem === undefined && (moment.seconds < firstSecond || moment.seconds > lastSecond))
    moment.problem = 'year';
  return moment.problem === undefined;
}

/** Reads a date, or a date-time at midnight in UTC. `moment.seconds` is then a multiple of 86400. */
export function readDay(bytes: Uint8Array, start: number, end: number, moment: Moment): boolean {
  if (!readMoment(bytes, start, end, moment)) return false;
  const { seconds, microseconds, isFiner, offset } = moment;
  if (offset !== 0 || seconds % secondsOfDay !== 0 || microseconds !== 0 || isFiner) moment.problem = 'time_of_day';
  return moment.problem === undefined;
}

function isBeforeChrist(bytes: Uint8Array, start: number, end: number): boolean {
  return (
    end - start > 3 &&
    bytes[end - 3] === blank &&
    ((bytes[end - 2] as number) | 0x20) === 0x62 &&
    ((bytes[end - 1] as number) | 0x20) === 0x63
  );
}

/** Records the first problem of a text; only `form` replaces an earlier one, since such a text is not a date at all. Returns -1, which is not an offset. */
function failed(moment: Moment, problem: MomentProblem): number {
  if (moment.problem === undefined || problem === 'form') moment.problem = problem;
  return -1;
}

/** Writes the seconds of midnight. Returns the offset after the date. */
function readDate(bytes: Uint8Array, start: number, end: number, isBefore: boolean, moment: Moment): number {
  const isSigned = bytes[start] === hyphen || bytes[start] === plus;
  const first = isSigned ? start + 1 : start;
  let at = first;
  let year = 0;
  for (; at < end && at - first < 7; at++) {
    const digit = (bytes[at] as number) ^ zero;
    if (digit > 9) break;
    year = year * 10 + digit;
  }
  if (at - first < 4 || at - first > 6 || at + 6 > end || bytes[at] !== hyphen || bytes[at + 3] !== hyphen)
    return failed(moment, 'form');
  const month = twoDigits(bytes, at + 1);
  const day = twoDigits(bytes, at + 4);
  if (month < 0 || day < 0) return failed(moment, 'form');
  if (bytes[start] === hyphen) year = -year;
  // There is no year 0 in it: the one before 1 AD is 1 BC.
  if (isBefore) year = 1 - year;
  moment.seconds = 0;
  if (month < 1 || month > 12 || day < 1 || day > daysOfMonth(year, month)) moment.problem = 'calendar';
  else moment.seconds = daysOfDate(year, month, day) * secondsOfDay;
  return at + 6;
}

/** Adds the time of day, and subtracts the offset. A date may have an offset too. */
function readBehindDate(bytes: Uint8Array, start: number, end: number, moment: Moment): void {
  const separator = (bytes[start] as number) | 0x20;
  if (separator === 0x74 || separator === blank) readClock(bytes, start + 1, end, moment);
  else if (readZone(bytes, start, end, moment)) moment.seconds -= moment.offset;
}

function readClock(bytes: Uint8Array, start: number, end: number, moment: Moment): void {
  const hours = twoDigits(bytes, start);
  const minutes = twoDigits(bytes, start + 3);
  const isClock = hours >= 0 && minutes >= 0 && bytes[start + 2] === colon && start + 5 <= end;
  let at = isClock ? start + 5 : failed(moment, 'form');
  let seconds = 0;
  if (at >= 0 && at < end && bytes[at] === colon) {
    seconds = twoDigits(bytes, at + 1);
    at = seconds >= 0 && at + 3 <= end ? readFraction(bytes, at + 3, end, moment) : failed(moment, 'form');
  }
  if (at < 0 || !readZone(bytes, at, end, moment)) return;
  checkClock(moment, hours, minutes, seconds);
  moment.seconds += hours * 3600 + minutes * 60 + seconds - moment.offset;
}

function checkClock(moment: Moment, hours: number, minutes: number, seconds: number): void {
  const isEndOfDay = hours === 24 && minutes === 0 && seconds === 0 && moment.microseconds === 0 && !moment.isFiner;
  if (isEndOfDay) failed(moment, 'hour_24');
  else if (hours > 23 || minutes > 59 || seconds > 60) failed(moment, 'calendar');
  else if (seconds === 60) failed(moment, 'leap_second');
}

/** Returns the offset after the digits of the second. */
function readFraction(bytes: Uint8Array, start: number, end: number, moment: Moment): number {
  if (start >= end || (bytes[start] !== 0x2e && bytes[start] !== 0x2c)) return start;
  let at = start + 1;
  let value = 0;
  for (; at < end; at++) {
    const digit = (bytes[at] as number) ^ zero;
    if (digit > 9) break;
    if (at - start <= 6) value = value * 10 + digit;
    else if (digit > 0) moment.isFiner = true;
  }
  if (at === start + 1) return failed(moment, 'form');
  for (let digits = at - start - 1; digits < 6; digits++) value *= 10;
  moment.microseconds = value;
  moment.fractionStart = start + 1;
  moment.fractionEnd = at;
  return at;
}

/** Reads the rest of a text as its offset from UTC. */
function readZone(bytes: Uint8Array, start: number, end: number, moment: Moment): boolean {
  if (start === end) return true;
  const at = bytes[start] === blank ? start + 1 : start;
  moment.hasZone = true;
  if (end - at === 1 && ((bytes[at] as number) | 0x20) === 0x7a) return true;
  if (end - at === 3 && isUtc(bytes, at)) return true;
  return readOffset(bytes, at, end, moment);
}

/** Reads `+05`, `+0530`, `+05:30`, `+053015` and `+05:30:15`. */
function readOffset(bytes: Uint8Array, start: number, end: number, moment: Moment): boolean {
  const sign = bytes[start] === plus ? 1 : bytes[start] === hyphen ? -1 : 0;
  const step = bytes[start + 3] === colon ? 3 : 2;
  const parts = (end - start - 3) / step;
  const hours = twoDigits(bytes, start + 1);
  const minutes = parts < 1 ? 0 : twoDigits(bytes, start + step + 1);
  const seconds = parts < 2 ? 0 : twoDigits(bytes, start + 2 * step + 1);
  const isSeparated = step === 2 || parts < 2 || bytes[start + 6] === colon;
  const isWhole = isSeparated && (parts === 0 || parts === 1 || parts === 2);
  if (sign === 0 || !isWhole || hours < 0 || minutes < 0 || seconds < 0) return failed(moment, 'form') >= 0;
  if (hours > 23 || minutes > 59 || seconds > 59) failed(moment, 'calendar');
  moment.offset = sign * (hours * 3600 + minutes * 60 + seconds);
  return true;
}

function isUtc(bytes: Uint8Array, at: number): boolean {
  return (
    ((bytes[at] as number) | 0x20) === 0x75 &&
    ((bytes[at + 1] as number) | 0x20) === 0x74 &&
    ((bytes[at + 2] as number) | 0x20) === 0x63
  );
}

/** The number of two digits, -1 when one of them is not a digit. */
function twoDigits(bytes: Uint8Array, at: number): number {
  const tens = (bytes[at] as number) ^ zero;
  const ones = (bytes[at + 1] as number) ^ zero;
  return tens > 9 || ones > 9 ? -1 : tens * 10 + ones;
}
