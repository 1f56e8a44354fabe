import { skipValue } from 'c8connector';
import type { Anomalies } from './anomalies.ts';
import { type Convert, convertText, grown } from './convert-text.ts';

/** From this many bytes on, copying a value as a whole is faster than byte by byte. */
const loopSize = 128;

/** Copies JSON unchanged but on one line: a line break can only be between tokens, and becomes a blank. */
export function convertJson(anomalies: Anomalies): Convert {
  return (bytes, start, end, out, at) => {
    const first = behindSpace(bytes, start, end);
    const next = skipValue(bytes, first, end);
    if (next < 0 || behindSpace(bytes, next, end) !== end)
      anomalies.malformed('JSON that nests at most 1,000 objects and arrays');
    const text = end - start > loopSize ? bytes.subarray(start, end) : undefined;
    if (text !== undefined && !text.includes(0x0a) && !text.includes(0x0d)) {
      out.set(text, at);
      return at + text.length;
    }
    let to = at;
    for (let from = start; from < end; from++) {
      const byte = bytes[from] ?? 0;
      out[to++] = byte === 0x0a || byte === 0x0d ? 0x20 : byte;
    }
    return to;
  };
}

/** Writes the output of `json` as a JSON string: the form of JSON columns in lines of exactness text. */
export function convertJsonText(json: Convert): Convert {
  let scratch: Uint8Array = new Uint8Array(256);
  return (bytes, start, end, out, at) => {
    scratch = grown(scratch, 8 * (end - start) + 40);
    return convertText(scratch, 0, json(bytes, start, end, scratch, 0), out, at);
  };
}

function behindSpace(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && isSpace(bytes[at] ?? 0)) at++;
  return at;
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
