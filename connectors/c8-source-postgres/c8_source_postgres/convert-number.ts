import { skipValue } from 'c8connector';
import {
  type Anomalies,
  type Convert,
  convertQuoted,
  convertText,
  convertVerbatim,
  isDigit,
  putJsonNull,
  putText,
  textOf,
} from 'c8connector-sql';
import type { Policies } from './schema.ts';

const minus = 0x2d;

/**
 * Converts numeric and floating point. `finite` writes finite numbers, which are copied unchanged when it is left out; the others are NaN and the infinities.
 * With `isQuoted` the number is written as a JSON string.
 */
export function convertNumber(
  policy: Policies['special_numbers'],
  anomalies: Anomalies,
  isQuoted: boolean,
  finite: Convert = isQuoted ? convertQuoted : convertVerbatim,
): Convert {
  return (bytes, start, end, out, at) => {
    if (isDigit(bytes[bytes[start] === minus ? start + 1 : start] ?? 0)) {
      if (skipValue(bytes, start, end) !== end) anomalies.malformed('a number');
      return finite(bytes, start, end, out, at);
    }
    const text = textOf(bytes, start, end);
    if (text !== 'NaN' && text !== 'Infinity' && text !== '-Infinity') anomalies.malformed('a number');
    if (policy === 'fail') anomalies.refuse(text, 'Correct the row, or set special_numbers to null or text.');
    if (policy === 'text') {
      // In lines of exactness text, such a column contains its JSON text as a string.
      return isQuoted ? putText(String.raw`"\"${text}\""`, out, at) : convertText(bytes, start, end, out, at);
    }
    anomalies.count('nulled');
    return putJsonNull(out, at);
  };
}

const wholeDigits = 29;
const scale = 9;

/** Converts unbounded numeric to decimal(38,9), rounding half away from zero like the server. More than 29 digits before the point do not fit. */
export function convertDecimal(anomalies: Anomalies, isQuoted: boolean): Convert {
  return (bytes, start, end, out, at) => {
    const text = textOf(bytes, start, end);
    if (!/^-?\d+(\.\d+)?$/.test(text)) anomalies.malformed('a numeric');
    const isNegative = text.startsWith('-');
    const [whole = '', fraction = ''] = text.slice(isNegative ? 1 : 0).split('.');
    const kept = BigInt(whole + fraction.slice(0, scale).padEnd(scale, '0'));
    const rounded = kept + (fraction.charCodeAt(scale) >= 0x35 ? 1n : 0n);
    const digits = rounded.toString().padStart(scale + 1, '0');
    if (digits.length > wholeDigits + scale) {
      anomalies.refuse(
        text.length > 60 ? `${text.slice(0, 60)}…` : text,
        'Set unbounded_numeric to text: decimal(38,9) holds 29 digits before the point.',
      );
    }
    const sign = isNegative && rounded !== 0n ? '-' : '';
    const number = `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
    return putText(isQuoted ? `"${number}"` : number, out, at);
  };
}
