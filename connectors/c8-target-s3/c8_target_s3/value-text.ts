import { unescaped } from 'c8connector';

const quote = 0x22;
const letterN = 0x6e;

/** The JSON of a value as its text, null for NULL; undefined for half of a surrogate pair, which no text has. */
export function valueText(json: Uint8Array): string | null | undefined {
  if (json[0] === letterN) return null;
  const text = json[0] === quote ? unescaped(json, 0, json.length) : json;
  return text && Buffer.from(text.buffer, text.byteOffset, text.length).toString();
}
