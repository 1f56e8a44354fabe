import type { Anomalies } from './anomalies.ts';
import { type Convert, convertText, convertVerbatim, putNull, putText } from './convert-text.ts';
import type { Policies } from './schema.ts';

type Policy = Policies['out_of_range_dates'];

const quote = 0x22;
const plus = 0x2b;
const minus = 0x2d;
const colon = 0x3a;
const lastOfBC = 0x43;
const lowerI = 0x69;

/** 2023-04-05, as it is. */
export function convertDate(policy: Policy, anomalies: Anomalies): Convert {
  const outOfRange = convertOutOfRange(policy, anomalies, '0001-01-01', '9999-12-31');
  return (bytes, start, end, out, at) => {
    if (end - start !== 10 || bytes[start + 4] !== minus) return outOfRange(bytes, start, end, out, at);
    out[at] = quote;
    const to = convertVerbatim(bytes, start, end, out, at + 1);
    out[to] = quote;
    return to + 1;
  };
}

/** `2023-04-05 06:07:08.123456` and `2023-04-05 06:07:08+00` as RFC 3339. Without a zone it is written as UTC. */
export function convertTimestamp(policy: Policy, anomalies: Anomalies): Convert {
  const outOfRange = convertOutOfRange(
    policy,
    anomalies,
    '0001-01-01T00:00:00+00:00',
    '9999-12-31T23:59:59.999999+00:00',
  );
  return (bytes, start, end, out, at) => {
    if (bytes[start + 4] !== minus || bytes[end - 1] === lastOfBC) return outOfRange(bytes, start, end, out, at);
    out[at] = quote;
    let to = convertVerbatim(bytes, start, start + 10, out, at + 1);
    out[to] = 0x54;
    const zone = zoneStart(bytes, start + 19, end);
    to = convertVerbatim(bytes, start + 11, zone, out, to + 1);
    to = zone === end ? putText('+00:00', out, to) : putZone(bytes, zone, end, out, to);
    out[to] = quote;
    return to + 1;
  };
}

/** `12:34:56.5+02` as RFC 3339, with its offset; one with seconds stays as it is. */
export function convertTimetz(bytes: Uint8Array, start: number, end: number, out: Uint8Array, at: number): number {
  out[at] = quote;
  const zone = zoneStart(bytes, start + 8, end);
  const to = putZone(bytes, zone, end, out, convertVerbatim(bytes, start, zone, out, at + 1));
  out[to] = quote;
  return to + 1;
}

function zoneStart(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && bytes[at] !== plus && bytes[at] !== minus) at++;
  return at;
}

/** The server leaves the minutes of an offset out when there are none. */
function putZone(bytes: Uint8Array, start: number, end: number, out: Uint8Array, at: number): number {
  const to = convertVerbatim(bytes, start, end, out, at);
  return bytes[start + 3] === colon ? to : putText(':00', out, to);
}

/** The infinities, years BC, and years of more than four digits. */
function convertOutOfRange(policy: Policy, anomalies: Anomalies, low: string, high: string): Convert {
  return (bytes, start, end, out, at) => {
    if (policy === 'text') return convertText(bytes, start, end, out, at);
    if (policy === 'fail') {
      const value = new TextDecoder().decode(bytes.subarray(start, end));
      anomalies.refuse(value, 'Correct the row, or set out_of_range_dates to clamp, null or text.');
    }
    if (policy === 'null') {
      anomalies.count('nulled');
      return putNull(out, at);
    }
    anomalies.count('clamped');
    const isLow = bytes[end - 1] === lastOfBC || (bytes[start] === minus && bytes[start + 1] === lowerI);
    return putText(`"${isLow ? low : high}"`, out, at);
  };
}
