/** Where a field was unescaped in its place: its text ends at `plainEnd`, and what follows up to `end` is left over. */
export interface UnescapedField {
  readonly start: number;
  readonly plainEnd: number;
  readonly end: number;
}

/** A row of COPY text, some of whose fields were unescaped in their place, as a copy that can be read from its beginning again. */
export function escapedAgain(
  bytes: Uint8Array,
  { start, end }: { readonly start: number; readonly end: number },
  fields: readonly UnescapedField[],
): Uint8Array {
  const parts: Uint8Array[] = [];
  let from = start;
  for (const field of fields) {
    parts.push(bytes.subarray(from, field.start), escaped(bytes.subarray(field.start, field.plainEnd)));
    from = field.end;
  }
  return Buffer.concat([...parts, bytes.subarray(from, end)]);
}

const backslash = 0x5c;
/** What would end a field or a row, and what begins an escape; the letter that stands for it. */
const escapes: ReadonlyMap<number, number> = new Map([
  [0x09, 0x74],
  [0x0a, 0x6e],
  [0x0d, 0x72],
  [backslash, backslash],
]);

function escaped(text: Uint8Array): Uint8Array {
  const out = new Uint8Array(2 * text.length);
  let length = 0;
  for (const byte of text) {
    const letter = escapes.get(byte);
    if (letter !== undefined) out[length++] = backslash;
    out[length++] = letter ?? byte;
  }
  return out.subarray(0, length);
}
