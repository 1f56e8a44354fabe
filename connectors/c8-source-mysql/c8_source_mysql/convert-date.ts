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
const zero = 0x30;
const letterT = 0x54;

/** Copies `2023-04-05` unchanged. */
export function convertDate(policy: Policy, anomalies: Anomalies): Convert {
  const partial = convertPartial(policy, anomalies);
  return (bytes, start, end, out, at) => {
    if (policy === 'text' || !isDate(bytes, start, end)) return partial(bytes, start, end, out, at);
    out[at] = quote;
    const to = convertVerbatim(bytes, start, end, out, at + 1);
    out[to] = quote;
    return to + 1;
  };
}

/** Converts `2023-04-05 06:07:08.123456` to RFC 3339. The session has the time zone UTC. */
export function convertTimestamp(policy: Policy, anomalies: Anomalies): Convert {
  const partial = convertPartial(policy, anomalies);
  return (bytes, start, end, out, at) => {
    if (policy === 'text' || end - start < 19 || !isDate(bytes, start, start + 10))
      return partial(bytes, start, end, out, at);
    out[at] = quote;
    let to = convertVerbatim(bytes, start, end, out, at + 1);
    out[at + 11] = letterT;
    to = putText('+00:00', out, to);
    out[to] = quote;
    return to + 1;
  };
}

function isDate(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start !== 10) return false;
  for (let index = 0; index < 10; index++) {
    if (index !== 4 && index !== 7 && !isDigit(bytes[start + index] as number)) return false;
  }
  const isZero = (from: number, count: number) => {
    for (let index = 0; index < count; index++) if (bytes[start + from + index] !== zero) return false;
    return true;
  };
  return !isZero(0, 4) && !isZero(5, 2) && !isZero(8, 2);
}

function convertPartial(policy: Policy, anomalies: Anomalies): Convert {
  return (bytes, start, end, out, at) => {
    if (policy === 'text') return convertText(bytes, start, end, out, at);
    if (policy === 'fail')
      anomalies.refuse(
        `the date ${textOf(bytes, start, end)}`,
        'Correct the value, or set out_of_range_dates to null or text.',
      );
    anomalies.count('nulled');
    return putJsonNull(out, at);
  };
}
