import { dateAt, noDate } from 'c8connector';
import {
  type Anomalies,
  type Convert,
  convertText,
  convertVerbatim,
  isDigit,
  putJsonNull,
  putText,
  textOf,
} from 'c8connector-sql';
import type { Policies } from './schema.ts';

type Policy = Policies['out_of_range_dates'];

const quote = 0x22;
const point = 0x2e;
const zero = 0x30;
const letterT = 0x54;

/** The digit 0 matches any digit, every other character only itself. */
const clockPattern = new TextEncoder().encode(' 00:00:00');
const dateSize = 10;
const secondsSize = 19;

/** Copies `2023-04-05` unchanged. */
export function convertDate(policy: Policy, anomalies: Anomalies): Convert {
  const impossible = convertImpossible(policy, anomalies);
  return (bytes, start, end, out, at) => {
    if (end - start !== dateSize || dateAt(bytes, start) === noDate) return impossible(bytes, start, end, out, at);
    out[at] = quote;
    const to = convertVerbatim(bytes, start, end, out, at + 1);
    out[to] = quote;
    return to + 1;
  };
}

/** Converts `2023-04-05 06:07:08.120000` to RFC 3339, without the zeros at the end of a fraction. The session has the time zone UTC; a datetime, which has none, is written as UTC. */
export function convertTimestamp(policy: Policy, anomalies: Anomalies): Convert {
  const impossible = convertImpossible(policy, anomalies);
  return (bytes, start, end, out, at) => {
    const isPlain = policy !== 'text' && clockEnd(bytes, start + dateSize, end) === end;
    if (!isPlain || dateAt(bytes, start) === noDate) return impossible(bytes, start, end, out, at);
    out[at] = quote;
    const last = end - start > secondsSize ? withoutZeros(bytes, end) : end;
    const to = putText('+00:00', out, convertVerbatim(bytes, start, last, out, at + 1));
    out[at + 1 + dateSize] = letterT;
    out[to] = quote;
    return to + 1;
  };
}

/** The end of a fraction without its last zeros, and of a time whose fraction is zero. */
function withoutZeros(bytes: Uint8Array, end: number): number {
  let last = end;
  while (bytes[last - 1] === zero) last--;
  return bytes[last - 1] === point ? last - 1 : last;
}

/** The position after ` 06:07:08.123` at `start`, whose fraction may be missing; -1 when the text is another one. */
function clockEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = start + clockPattern.length;
  if (at > end) return -1;
  for (let index = 0; index < clockPattern.length; index++) {
    const difference = (bytes[start + index] as number) ^ (clockPattern[index] as number);
    if (difference !== 0 && (difference >= 10 || clockPattern[index] !== zero)) return -1;
  }
  if (at === end) return end;
  if (bytes[at++] !== point || at === end) return -1;
  while (at < end && isDigit(bytes[at] as number)) at++;
  return at;
}

const dateText = /^\d{4}-\d\d-\d\d(?: \d\d:\d\d:\d\d(?:\.\d{1,6})?)?$/;

/** Converts what no calendar has: zero and partial dates, the year 0, and days such as 2023-02-31, which ALLOW_INVALID_DATES lets in. With `text` it converts all others too. */
function convertImpossible(policy: Policy, anomalies: Anomalies): Convert {
  return (bytes, start, end, out, at) => {
    const text = textOf(bytes, start, end);
    if (!dateText.test(text)) anomalies.malformed('a date');
    if (policy === 'text') return convertText(bytes, start, end, out, at);
    if (policy === 'fail')
      anomalies.refuse(`the date ${text}`, 'Correct the row, or set out_of_range_dates to null or text.');
    anomalies.count('nulled');
    return putJsonNull(out, at);
  };
}
