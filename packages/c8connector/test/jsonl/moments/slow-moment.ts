/** The last word on a text: what `readMoment` must find, read slowly, one day of the calendar after the other. */
export interface SlowMoment {
  readonly problem?: string;
  /** Absent where the text has no place in time. */
  readonly seconds?: bigint;
  readonly microseconds?: number;
  readonly isFiner?: boolean;
  readonly hasZone?: boolean;
}

const form =
  /^([+-]?)(\d{4,6})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?( ?(?:[Zz]|UTC|[+-]\d\d(?:\d\d(?:\d\d)?|:\d\d(?::\d\d)?)?))?|([Zz]|UTC|[+-]\d\d(?:\d\d(?:\d\d)?|:\d\d(?::\d\d)?)?))?( BC)?$/i;

export function slowMoment(text: string): SlowMoment {
  const match = form.exec(text);
  if (match === null) return { problem: 'form' };
  const [, sign, digits, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone, dateZone, bc] = match;
  const [, zoneSign, h = '0', m = '0', s = '0'] = /([+-])(\d\d):?(\d\d)?:?(\d\d)?$/.exec(zone ?? dateZone ?? '') ?? [];
  const signed = sign === '-' ? -Number(digits) : Number(digits);
  const year = bc === undefined ? signed : 1 - signed;
  const days = daysBefore(year, Number(month), Number(day));
  const isEndOfDay = [Number(hour), Number(minute), Number(second), Number(fraction)].join() === '24,0,0,0';
  const isClock = isEndOfDay || (Number(hour) < 24 && Number(minute) < 60 && Number(second) <= 60);
  if (days === undefined || !isClock || Number(h) > 23 || Number(m) > 59 || Number(s) > 59)
    return { problem: 'calendar' };
  const clock = Number(hour) * 3600 + Number(minute) * 60 + Number(second);
  const offset = (zoneSign === '-' ? -1 : 1) * (Number(h) * 3600 + Number(m) * 60 + Number(s));
  const seconds = days * 86_400n + BigInt(clock - offset);
  const isWithin =
    seconds >= (daysBefore(1, 1, 1) ?? 0n) * 86_400n && seconds < (daysBefore(10_000, 1, 1) ?? 0n) * 86_400n;
  const problem = isEndOfDay ? 'hour_24' : second === '60' ? 'leap_second' : isWithin ? undefined : 'year';
  return {
    ...(problem === undefined ? {} : { problem }),
    seconds,
    microseconds: Number(fraction.slice(0, 6).padEnd(6, '0')),
    isFiner: /[1-9]/.test(fraction.slice(6)),
    hasZone: (zone ?? dateZone) !== undefined,
  };
}

/** Days from 1970-01-01 to a day, counted year by year and month by month; undefined when the calendar has no such day. */
function daysBefore(year: number, month: number, day: number): bigint | undefined {
  if (month < 1 || month > 12 || day < 1 || day > monthDays(year, month)) return undefined;
  let days = day - 1;
  for (let before = 1; before < month; before++) days += monthDays(year, before);
  for (let before = 1970; before < year; before++) days += yearDays(before);
  for (let from = year; from < 1970; from++) days -= yearDays(from);
  return BigInt(days);
}

function isLeap(year: number): boolean {
  return year % 400 === 0 || (year % 4 === 0 && year % 100 !== 0);
}

function yearDays(year: number): number {
  return isLeap(year) ? 366 : 365;
}

function monthDays(year: number, month: number): number {
  return [31, isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
}
