import type { Anomalies } from './anomalies.ts';
import { type Convert, convertVerbatim } from './convert-text.ts';

const quote = 0x22;
const minus = 0x2d;
const zero = 0x30;
const nine = 0x39;

/** Converts digits, with or without a sign. */
export function convertInteger(anomalies: Anomalies): Convert {
  return (bytes, start, end, out, at) => {
    const first = bytes[start] === minus ? start + 1 : start;
    let to = convertVerbatim(bytes, start, first, out, at);
    let from = first;
    while (from < end && isDigit(bytes[from] ?? 0)) out[to++] = bytes[from++] ?? 0;
    const isNumber = from === end && from > first && (bytes[first] !== zero || end === first + 1);
    return isNumber ? to : anomalies.malformed('an integer');
  };
}

/** Whether a byte is a digit. */
export function isDigit(byte: number): boolean {
  return byte >= zero && byte <= nine;
}

/** Writes the value in quotes, for a number in lines of exactness text. */
export function convertQuoted(bytes: Uint8Array, start: number, end: number, out: Uint8Array, at: number): number {
  out[at] = quote;
  const to = convertVerbatim(bytes, start, end, out, at + 1);
  out[to] = quote;
  return to + 1;
}
