const quote = 0x22;
const backslash = 0x5c;

/**
 * Copies the text between the double quote at `start` and the matching one to the beginning of `scratch`, without the backslashes. `next`
 * is the position after the closing quote. Undefined when there is no quote at `start`, or no closing one before `end`.
 */
export function unescapeQuoted(
  bytes: Uint8Array,
  start: number,
  end: number,
  scratch: Uint8Array,
): { readonly length: number; readonly next: number } | undefined {
  if (start >= end || bytes[start] !== quote) return undefined;
  let length = 0;
  let from = start + 1;
  while (from < end && bytes[from] !== quote) {
    if (bytes[from] === backslash) from++;
    if (from < end) scratch[length++] = bytes[from++] ?? 0;
  }
  return from < end ? { length, next: from + 1 } : undefined;
}
