/** The most levels of nested values: far more than anyone stores, and far less than would exhaust the stack. */
export const deepest = 1000;

/**
 * The offset after the JSON value that starts at `offset`, or the offset of an error as `-1 - offset`. Strict JSON, but UTF-8 is not checked, see `isUtf8` of
 * node:buffer. Half a surrogate pair as an escape is valid JSON and passes.
 */
export function skipValue(bytes: Uint8Array, offset: number, end: number): number {
  return skip(bytes, offset, end, 0);
}

/** The offset of the first byte from `offset` on that is not white space. */
export function skipSpace(bytes: Uint8Array, offset: number, end: number): number {
  if (offset < end && (bytes[offset] as number) > 0x20) return offset;
  let at = offset;
  while (at < end) {
    const byte = bytes[at];
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) break;
    at++;
  }
  return at;
}

function skip(bytes: Uint8Array, offset: number, end: number, depth: number): number {
  if (offset >= end) return -1 - end;
  switch (bytes[offset]) {
    case 0x22:
      return skipString(bytes, offset, end);
    case 0x7b:
      return skipObject(bytes, offset, end, depth);
    case 0x5b:
      return skipArray(bytes, offset, end, depth);
    case 0x74:
      return skipWord(bytes, offset, end, 'true');
    case 0x66:
      return skipWord(bytes, offset, end, 'false');
    case 0x6e:
      return skipWord(bytes, offset, end, 'null');
    default:
      return skipNumber(bytes, offset, end);
  }
}

/** As {@link skipValue}, for a string, whose opening quote is at `offset`. */
export function skipString(bytes: Uint8Array, offset: number, end: number): number {
  let at = offset + 1;
  while (at < end) {
    const byte = bytes[at] as number;
    if (byte === 0x22) return at + 1;
    if (byte < 0x20) return -1 - at;
    if (byte !== 0x5c) at++;
    else {
      const next = skipEscape(bytes, at, end);
      if (next < 0) return next;
      at = next;
    }
  }
  return -1 - end;
}

function skipEscape(bytes: Uint8Array, offset: number, end: number): number {
  switch (bytes[offset + 1]) {
    case 0x22: // "
    case 0x5c: // \
    case 0x2f: // /
    case 0x62: // b
    case 0x66: // f
    case 0x6e: // n
    case 0x72: // r
    case 0x74: // t
      return offset + 2;
    case 0x75: // u
      for (let at = offset + 2; at < offset + 6; at++) {
        if (at >= end || !isHex(bytes[at] as number)) return -1 - Math.min(at, end);
      }
      return offset + 6;
    default:
      return -1 - offset;
  }
}

function isHex(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x66);
}

function skipWord(bytes: Uint8Array, offset: number, end: number, word: string): number {
  for (let index = 1; index < word.length; index++) {
    if (offset + index >= end || bytes[offset + index] !== word.charCodeAt(index))
      return -1 - Math.min(offset + index, end);
  }
  return offset + word.length;
}

function skipDigits(bytes: Uint8Array, offset: number, end: number): number {
  let at = offset;
  while (at < end) {
    const byte = bytes[at] as number;
    if (byte < 0x30 || byte > 0x39) break;
    at++;
  }
  return at;
}

function skipNumber(bytes: Uint8Array, offset: number, end: number): number {
  const start = bytes[offset] === 0x2d ? offset + 1 : offset;
  let at = skipDigits(bytes, start, end);
  if (at === start) return -1 - at;
  if (bytes[start] === 0x30 && at > start + 1) return -1 - (start + 1);
  if (at < end && bytes[at] === 0x2e) {
    const fraction = at + 1;
    at = skipDigits(bytes, fraction, end);
    if (at === fraction) return -1 - at;
  }
  if (at < end && ((bytes[at] as number) | 0x20) === 0x65) {
    const exponent = at + 1 < end && (bytes[at + 1] === 0x2b || bytes[at + 1] === 0x2d) ? at + 2 : at + 1;
    at = skipDigits(bytes, exponent, end);
    if (at === exponent) return -1 - at;
  }
  return at;
}

function skipArray(bytes: Uint8Array, offset: number, end: number, depth: number): number {
  if (depth >= deepest) return -1 - offset;
  let at = skipSpace(bytes, offset + 1, end);
  if (at < end && bytes[at] === 0x5d) return at + 1;
  for (;;) {
    at = skip(bytes, at, end, depth + 1);
    if (at < 0) return at;
    at = skipSpace(bytes, at, end);
    if (at < end && bytes[at] === 0x5d) return at + 1;
    if (at >= end || bytes[at] !== 0x2c) return -1 - at;
    at = skipSpace(bytes, at + 1, end);
  }
}

function skipObject(bytes: Uint8Array, offset: number, end: number, depth: number): number {
  if (depth >= deepest) return -1 - offset;
  let at = skipSpace(bytes, offset + 1, end);
  if (at < end && bytes[at] === 0x7d) return at + 1;
  for (;;) {
    if (at >= end || bytes[at] !== 0x22) return -1 - at;
    at = skipString(bytes, at, end);
    if (at < 0) return at;
    at = skipSpace(bytes, at, end);
    if (at >= end || bytes[at] !== 0x3a) return -1 - at;
    at = skip(bytes, skipSpace(bytes, at + 1, end), end, depth + 1);
    if (at < 0) return at;
    at = skipSpace(bytes, at, end);
    if (at < end && bytes[at] === 0x7d) return at + 1;
    if (at >= end || bytes[at] !== 0x2c) return -1 - at;
    at = skipSpace(bytes, at + 1, end);
  }
}
