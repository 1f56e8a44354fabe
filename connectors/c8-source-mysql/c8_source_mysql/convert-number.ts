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

/** Converts digits, also those of a column with ZEROFILL, and of a year. */
export function convertInteger(anomalies: Anomalies): Convert {
  const convert = convertDigits(anomalies);
  return (bytes, start, end, out, at) => convert(bytes, withoutZeros(bytes, start, end), end, out, at);
}

/** Converts a decimal or a double. Both have the form of JSON, but for the zeros of ZEROFILL. With `isQuoted` the number is written as a JSON string. */
export function convertNumber(anomalies: Anomalies, isQuoted: boolean): Convert {
  const convert = isQuoted ? convertQuoted : convertVerbatim;
  return (bytes, start, end, out, at) => {
    const first = withoutZeros(bytes, start, end);
    if (!isNumber(bytes, first, end)) anomalies.malformed('a number');
    return convert(bytes, first, end, out, at);
  };
}

/** Converts the text of a double to the shortest one that reads back as the same float of 32 bits. */
export function convertSingle(anomalies: Anomalies): Convert {
  return (bytes, start, end, out, at) => {
    const first = withoutZeros(bytes, start, end);
    if (!isNumber(bytes, first, end)) anomalies.malformed('a number');
    return putText(singleText(Number(textOf(bytes, first, end))), out, at);
  };
}

/** The shortest text of a float of 32 bits. A number with more bits keeps all of its digits. */
export function singleText(value: number): string {
  if (Math.fround(value) !== value) return String(value);
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return String(short);
  }
  return String(Number(value.toPrecision(9)));
}

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
