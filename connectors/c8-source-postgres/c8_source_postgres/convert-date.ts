import {
  type Anomalies,
  type Convert,
  convertText,
  convertVerbatim,
  putJsonNull,
  putText,
  textOf,
} from 'c8connector-sql';
import type { Policies } from './schema.ts';

type Policy = Policies['out_of_range_dates'];

const quote = 0x22;
const plus = 0x2b;
const minus = 0x2d;
const point = 0x2e;
const colon = 0x3a;
const zero = 0x30;
const two = 0x32;
const four = 0x34;
const letterC = 0x43;
const letterP = 0x50;
const letterT = 0x54;

/** The digit 0 matches any digit, every other character only itself. */
const datePattern = new TextEncoder().encode('0000-00-00');
const clockPattern = new TextEncoder().encode('00:00:00');
const timestampPattern = new TextEncoder().encode('0000-00-00 00:00:00');

/** Copies `2023-04-05` unchanged. */
export function convertDate(policy: Policy, anomalies: Anomalies): Convert {
  const outOfRange = convertOutOfRange(policy, anomalies, '0001-01-01', '9999-12-31');
  return (bytes, start, end, out, at) => {
    if (end - start !== 10 || !hasPattern(bytes, start, end, datePattern))
      return outOfRange(bytes, start, end, out, at);
    out[at] = quote;
    const to = convertVerbatim(bytes, start, end, out, at + 1);
    out[to] = quote;
    return to + 1;
  };
}

/** Converts `2023-04-05 06:07:08.123456` and `2023-04-05 06:07:08+00` to RFC 3339. Without a zone, the time is written as UTC. */
export function convertTimestamp(policy: Policy, anomalies: Anomalies): Convert {
  const low = '0001-01-01T00:00:00+00:00';
  const outOfRange = convertOutOfRange(policy, anomalies, low, '9999-12-31T23:59:59.999999+00:00');
  return (bytes, start, end, out, at) => {
    const clock = start + timestampPattern.length;
    if (bytes[end - 1] === letterC || !hasPattern(bytes, start, end, timestampPattern))
      return outOfRange(bytes, start, end, out, at);
    out[at] = quote;
    let to = at + 1;
    for (let from = start; from < clock; from++) out[to++] = bytes[from] as number;
    out[at + 11] = letterT;
    const zone = fractionEnd(bytes, clock, end);
    for (let from = clock; from < zone; from++) out[to++] = bytes[from] as number;
    if (zone < 0 || (zone !== end && zoneMinutesEnd(bytes, zone, end) !== end)) anomalies.malformed('a timestamp');
    to = zone === end ? putText('+00:00', out, to) : putZone(bytes, zone, end, out, to);
    out[to] = quote;
    return to + 1;
  };
}

/**
 * Converts `12:34:56.5+02` to RFC 3339, with its offset. RFC 3339 has neither 24:00:00 nor seconds in an offset: with `clamp` they become the last microsecond of the day and
 * the offset without its seconds.
 */
export function convertTimetz(policy: Policy, anomalies: Anomalies): Convert {
  const lastOfDay = new TextEncoder().encode('23:59:59.999999');
  return (bytes, start, end, out, at) => {
    const zone = clockEnd(bytes, start, end);
    const minutes = zone < 0 ? -1 : zoneMinutesEnd(bytes, zone, end);
    const hasSeconds = minutes === zone + 6 && end === minutes + 3 && bytes[minutes] === colon;
    if (minutes < 0 || (minutes !== end && !hasSeconds)) anomalies.malformed('a time with a zone');
    const isPastDay = bytes[start] === two && bytes[start + 1] === four;
    if (policy === 'text') return convertText(bytes, start, end, out, at);
    if (isPastDay || hasSeconds) {
      if (policy === 'fail') refuse(bytes, start, end, anomalies);
      if (policy === 'null') return putCounted('null', 'nulled', anomalies, out, at);
      anomalies.count('clamped');
    }
    out[at] = quote;
    let to = at + 1;
    if (isPastDay) {
      out.set(lastOfDay, to);
      to += lastOfDay.length;
    } else to = convertVerbatim(bytes, start, zone, out, to);
    to = putZone(bytes, zone, minutes, out, to);
    out[to] = quote;
    return to + 1;
  };
}

/** Copies `P1Y2M3DT4H5M6.7S` unchanged. With `clamp`, the infinities of PostgreSQL 17 and later become the longest intervals in years. */
export function convertInterval(policy: Policy, anomalies: Anomalies): Convert {
  return (bytes, start, end, out, at) => {
    if (start < end && bytes[start] === letterP) return convertText(bytes, start, end, out, at);
    const text = textOf(bytes, start, end);
    if (text !== 'infinity' && text !== '-infinity') anomalies.malformed('an interval');
    if (policy === 'text') return convertText(bytes, start, end, out, at);
    if (policy === 'fail') refuse(bytes, start, end, anomalies);
    if (policy === 'null') return putCounted('null', 'nulled', anomalies, out, at);
    const years = text === 'infinity' ? '178000000' : '-178000000';
    return putCounted(`"P${years}Y"`, 'clamped', anomalies, out, at);
  };
}

function hasPattern(bytes: Uint8Array, start: number, end: number, pattern: Uint8Array): boolean {
  if (start + pattern.length > end) return false;
  for (let index = 0; index < pattern.length; index++) {
    const difference = (bytes[start + index] as number) ^ (pattern[index] as number);
    if (difference !== 0 && (difference >= 10 || pattern[index] !== zero)) return false;
  }
  return true;
}

function isDigit(byte: number): boolean {
  return (byte ^ zero) < 10;
}

/** The position after `12:34:56.789` at `start`; -1 when there is none. */
function clockEnd(bytes: Uint8Array, start: number, end: number): number {
  return hasPattern(bytes, start, end, clockPattern) ? fractionEnd(bytes, start + clockPattern.length, end) : -1;
}

/** The position after the fraction `.789` of a second at `start`, which may be missing; -1 when it has no digits. */
function fractionEnd(bytes: Uint8Array, start: number, end: number): number {
  if (start >= end || bytes[start] !== point) return start;
  let at = start + 1;
  while (at < end && isDigit(bytes[at] as number)) at++;
  return at === start + 1 ? -1 : at;
}

const hours = new TextEncoder().encode('00');
const minutesPattern = new TextEncoder().encode(':00');

/** The position after the offset `+02` or `+05:30` at `start`; -1 when there is none. */
function zoneMinutesEnd(bytes: Uint8Array, start: number, end: number): number {
  const isSigned = start < end && (bytes[start] === plus || bytes[start] === minus);
  if (!isSigned || !hasPattern(bytes, start + 1, end, hours)) return -1;
  return hasPattern(bytes, start + 3, end, minutesPattern) ? start + 6 : start + 3;
}

/** Writes an offset with minutes, which the server omits when they are 0. */
function putZone(bytes: Uint8Array, start: number, end: number, out: Uint8Array, at: number): number {
  const to = convertVerbatim(bytes, start, end, out, at);
  return end - start > 3 ? to : putText(':00', out, to);
}

const outOfRangeText =
  /^(?:-?infinity|\d{4,}-\d\d-\d\d(?: \d\d:\d\d:\d\d(?:\.\d+)?(?:[+-]\d\d(?::\d\d){0,2})?)?(?: BC)?)$/;

/** Converts the infinities, years BC, and years of more than four digits. */
function convertOutOfRange(policy: Policy, anomalies: Anomalies, low: string, high: string): Convert {
  return (bytes, start, end, out, at) => {
    const text = textOf(bytes, start, end);
    if (!outOfRangeText.test(text)) anomalies.malformed('a date');
    if (policy === 'text') return convertText(bytes, start, end, out, at);
    if (policy === 'fail') refuse(bytes, start, end, anomalies);
    if (policy === 'null') return putCounted('null', 'nulled', anomalies, out, at);
    const isLow = text.endsWith('BC') || text.startsWith('-');
    return putCounted(`"${isLow ? low : high}"`, 'clamped', anomalies, out, at);
  };
}

function putCounted(
  json: string,
  anomaly: 'clamped' | 'nulled',
  anomalies: Anomalies,
  out: Uint8Array,
  at: number,
): number {
  anomalies.count(anomaly);
  return json === 'null' ? putJsonNull(out, at) : putText(json, out, at);
}

function refuse(bytes: Uint8Array, start: number, end: number, anomalies: Anomalies): never {
  return anomalies.refuse(
    textOf(bytes, start, end),
    'Correct the row, or set out_of_range_dates to clamp, null or text.',
  );
}
