import { type Anomalies, type Convert, convertInteger as convertDigits, putText, textOf } from 'c8connector-sql';

const zero = 0x30;

/** Converts digits, also those of a column with ZEROFILL, and of a year. */
export function convertInteger(anomalies: Anomalies): Convert {
  const convert = convertDigits(anomalies);
  return (bytes, start, end, out, at) => {
    let from = start;
    while (from + 1 < end && bytes[from] === zero) from++;
    return convert(bytes, from, end, out, at);
  };
}

/** Converts the text of a double to the shortest one that reads back as the same float of 32 bits. */
export function convertSingle(bytes: Uint8Array, start: number, end: number, out: Uint8Array, at: number): number {
  return putText(singleText(Number(textOf(bytes, start, end))), out, at);
}

/** The shortest text of a float of 32 bits. */
export function singleText(value: number): string {
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return String(short);
  }
  return String(Number(value.toPrecision(9)));
}
