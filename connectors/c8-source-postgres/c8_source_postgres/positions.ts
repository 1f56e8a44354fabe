import { isUtf8 } from 'node:buffer';
import { type KeyDecoder, keepField } from 'c8connector-sql';

const tab = 0x09;
const lineBreak = 0x0a;

/** Finds the values of a key in rows of COPY text. */
export const copyKey: KeyDecoder = {
  keep(fields, places, bytes, start, end) {
    let at = start;
    for (let field = 0; field < places.length; field++) {
      const from = at;
      while (at < end && bytes[at] !== tab && bytes[at] !== lineBreak) at++;
      const place = places[field] as number;
      if (place >= 0) keepField(fields, place, bytes, from, at);
      at++;
    }
  },
  textOf: (_, value) => (isUtf8(value) ? unescaped(Buffer.from(value).toString()) : undefined),
};

const escapes: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

/** A field of COPY text without its escapes; null for NULL. */
function unescaped(field: string): string | null {
  return field === '\\N' ? null : field.replace(/\\(.)/gs, (_, letter: string) => escapes[letter] ?? letter);
}
