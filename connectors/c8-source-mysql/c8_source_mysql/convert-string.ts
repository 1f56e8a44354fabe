import { isUtf8 } from 'node:buffer';
import { type Anomalies, type Convert, convertText } from 'c8connector-sql';

/**
 * Converts a text that may be invalid. A surrogate pair, which the server sends as two characters of three bytes each, becomes its character.
 */
export function convertUnchecked(anomalies: Anomalies): Convert {
  return (bytes, start, end, out, at) => {
    if (isUtf8(bytes.subarray(start, end))) return convertText(bytes, start, end, out, at);
    const joined = withPairs(bytes.subarray(start, end));
    if (!isUtf8(joined))
      anomalies.refuse('a text that is not valid in any character set', 'Correct the value, or deselect the column.');
    return convertText(joined, 0, joined.length, out, at);
  };
}

/** The text with the halves of each surrogate pair, `ed a0…af xx ed b0…bf xx`, as one character. */
function withPairs(bytes: Uint8Array): Uint8Array {
  const joined = new Uint8Array(bytes.length);
  let to = 0;
  for (let from = 0; from < bytes.length; ) {
    const high = halfAt(bytes, from, 0xd800);
    const low = high < 0 ? -1 : halfAt(bytes, from + 3, 0xdc00);
    if (low < 0) {
      joined[to++] = bytes[from++] as number;
      continue;
    }
    const code = 0x10000 + (high << 10) + low;
    joined.set([0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63)], to);
    to += 4;
    from += 6;
  }
  return joined.subarray(0, to);
}

/** The ten bits of the half of a pair at `at`, whose lowest one is `lowest`; -1 if there is none. */
function halfAt(bytes: Uint8Array, at: number, lowest: number): number {
  if (at + 3 > bytes.length || bytes[at] !== 0xed) return -1;
  const code = 0xd000 | (((bytes[at + 1] as number) & 63) << 6) | ((bytes[at + 2] as number) & 63);
  return code >= lowest && code < lowest + 0x400 ? code - lowest : -1;
}
