/** A field that was unescaped in place: its text ends at `plainEnd`, and the bytes from there to `end` are left over. */
export interface UnescapedField {
  readonly start: number;
  readonly plainEnd: number;
  readonly end: number;
}

/** A copy of a row of COPY text in which the given fields, unescaped in place before, are escaped again, so that the row can be read from its beginning. */
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
/** The bytes that would end a field or a row, and the backslash, each with the letter of its escape. */
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
