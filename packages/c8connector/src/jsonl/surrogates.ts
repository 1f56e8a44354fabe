import { asBuffer } from './byte-buffer.ts';

const backslash = 0x5c;

/**
 * Replaces each escape of half a surrogate pair by `\ufffd`, in place: it is valid JSON but not valid text, and readers such as DuckDB's reject the whole file because of it.
 */
export function repairSurrogates(json: Uint8Array): void {
  const bytes = asBuffer(json);
  for (const start of ['\\ud', '\\uD']) {
    for (let at = bytes.indexOf(start); at >= 0; at = bytes.indexOf(start, at + 6)) {
      if (!isEscape(bytes, at)) at -= 4;
      else if (isHalf(bytes, at) && !isSecondOfPair(bytes, at) && !isFirstOfPair(bytes, at))
        bytes.write('\\ufffd', at, 'latin1');
    }
  }
}

/** Whether the backslash at `at` is not itself escaped. */
function isEscape(bytes: Uint8Array, at: number): boolean {
  let start = at;
  while (start > 0 && bytes[start - 1] === backslash) start--;
  return (at - start) % 2 === 0;
}

/** The third hexadecimal digit of an escape \uDxxx: 8 to B is a first half, C to F a second half, others are ordinary characters. */
function third(bytes: Uint8Array, at: number): number {
  if (bytes[at] !== backslash || bytes[at + 1] !== 0x75 || ((bytes[at + 2] ?? 0) | 0x20) !== 0x64) return -1;
  const digit = bytes[at + 3] ?? 0;
  if (digit >= 0x30 && digit <= 0x39) return digit - 0x30;
  return (digit | 0x20) >= 0x61 && (digit | 0x20) <= 0x66 ? (digit | 0x20) - 0x57 : -1;
}

function isHalf(bytes: Uint8Array, at: number): boolean {
  return third(bytes, at) >= 8;
}

function isFirst(bytes: Uint8Array, at: number): boolean {
  const digit = third(bytes, at);
  return digit >= 8 && digit < 12;
}

function isFirstOfPair(bytes: Uint8Array, at: number): boolean {
  return isFirst(bytes, at) && third(bytes, at + 6) >= 12;
}

function isSecondOfPair(bytes: Uint8Array, at: number): boolean {
  return third(bytes, at) >= 12 && at >= 6 && isFirst(bytes, at - 6) && isEscape(bytes, at - 6);
}
