import { unescaped } from 'c8connector';

const quote = 0x22;
const letterN = 0x6e;

/** The text of a JSON value, null for NULL. Undefined if it has half of a surrogate pair, which cannot be encoded as text. */
export function valueText(json: Uint8Array): string | null | undefined {
  if (json[0] === letterN) return null;
  const text = json[0] === quote ? unescaped(json, 0, json.length) : json;
  return text && Buffer.from(text.buffer, text.byteOffset, text.length).toString();
}
