import { skipValue } from 'c8connector';
import {
  type Anomalies,
  type Convert,
  convertInteger as convertDigits,
  convertQuoted,
  convertVerbatim,
  putText,
  textOf,
} from 'c8connector-sql';

const minus = 0x2d;
const point = 0x2e;
const zero = 0x30;
const nine = 0x39;

/** Converts digits, also those of a column with ZEROFILL, and of a year. */
export function convertInteger(anomalies: Anomalies): Convert {
  const convert = convertDigits(anomalies);
  return (bytes, start, end, out, at) => convert(bytes, withoutZeros(bytes, start, end), end, out, at);
}

/** Converts a decimal, which has the form of JSON but for the zeros of ZEROFILL. With `isQuoted` it is written as a JSON string. */
export function convertDecimal(anomalies: Anomalies, isQuoted: boolean): Convert {
  const convert = isQuoted ? convertQuoted : convertVerbatim;
  return (bytes, start, end, out, at) => {
    const first = withoutZeros(bytes, start, end);
    if (!isNumber(bytes, first, end)) anomalies.malformed('a number');
    return convert(bytes, first, end, out, at);
  };
}

/**
 * Converts a double to the shortest text that reads back as the same one, as JavaScript writes it: so copies and the log have the same text, however the server writes very large and very small numbers. -0 is 0, as MariaDB
 * sends it.
 */
export function convertDouble(anomalies: Anomalies): Convert {
  return (bytes, start, end, out, at) => {
    if (!isNumber(bytes, start, end)) anomalies.malformed('a number');
    if (isPlain(bytes, start, end)) return convertVerbatim(bytes, start, end, out, at);
    return putText(String(finiteOf(bytes, start, end, anomalies)), out, at);
  };
}

/** Converts the text of a double to the shortest one that reads back as the same float of 32 bits. */
export function convertSingle(anomalies: Anomalies): Convert {
  return (bytes, start, end, out, at) => {
    if (!isNumber(bytes, start, end)) anomalies.malformed('a number');
    return putText(singleText(finiteOf(bytes, start, end, anomalies)), out, at);
  };
}

function finiteOf(bytes: Uint8Array, start: number, end: number, anomalies: Anomalies): number {
  const value = Number(textOf(bytes, start, end));
  return Number.isFinite(value) ? value : anomalies.malformed('a number');
}

/** Floats below this have fewer digits than others. */
const smallestNormal = 2 ** -126;

/** The shortest text of a float of 32 bits. A number with more bits keeps all of its digits. */
export function singleText(value: number): string {
  if (Math.fround(value) !== value) return String(value);
  for (let digits = Math.abs(value) < smallestNormal ? 1 : 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return String(short);
  }
  return String(Number(value.toPrecision(9)));
}

/** Whether JavaScript would write a number with the same digits and a point, from 0.000001 on; not -0. */
function isPlain(bytes: Uint8Array, start: number, end: number): boolean {
  const first = bytes[start] === minus ? start + 1 : start;
  let zeros = 0;
  for (let at = first; at < end; at++) {
    const byte = bytes[at] as number;
    if (byte > nine) return false;
    if (byte === zero && zeros === at - first) zeros++;
    else if (byte === point && zeros === 1 && at === first + 1) zeros++;
  }
  return zeros < tinyPrefix && (first === start || zeros < end - first);
}

/** Characters of `0.000000`. */
const tinyPrefix = 8;

function isNumber(bytes: Uint8Array, start: number, end: number): boolean {
  const first = bytes[start];
  return start < end && (first === minus || ((first as number) ^ zero) < 10) && skipValue(bytes, start, end) === end;
}

/** The position after the zeros that ZEROFILL put before a number. */
function withoutZeros(bytes: Uint8Array, start: number, end: number): number {
  let from = start;
  while (from + 1 < end && bytes[from] === zero && bytes[from + 1] !== point) from++;
  return from;
}
