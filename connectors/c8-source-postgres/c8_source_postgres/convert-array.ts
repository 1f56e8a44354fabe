import { type Anomalies, type Convert, grown, putJsonNull } from 'c8connector-sql';
import { unescapeQuoted } from './unescape-quoted.ts';

const comma = 0x2c;
const quote = 0x22;
const equals = 0x3d;
const open = 0x7b;
const close = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;

/** The most dimensions of an array: MAXDIM of the server. */
const deepest = 6;

/**
 * Converts `{{1,2},{3,NULL}}` to nested lists, as deep as the value is, regardless of the declared depth. `delimiter` is that of the element type: a semicolon
 * for box, a comma for all others.
 */
export function convertArray(delimiter: string, item: Convert, anomalies: Anomalies): Convert {
  const separator = delimiter.charCodeAt(0);
  const malformed = (): never => anomalies.malformed('an array');
  let scratch: Uint8Array = new Uint8Array(256);
  return (bytes, start, end, out, at) => {
    let from = bytes[start] === openBracket ? afterBounds(bytes, start, end) : start;
    let to = at;
    let depth = 0;
    let isItemNext = true;

    while (from < end && (depth > 0 || isItemNext)) {
      const byte = bytes[from] ?? 0;
      if (!isItemNext) {
        if (byte !== separator && byte !== close) malformed();
        isItemNext = byte === separator;
        if (!isItemNext) depth--;
        out[to++] = isItemNext ? comma : closeBracket;
        from++;
      } else if (byte === open) {
        if (++depth > deepest) malformed();
        out[to++] = openBracket;
        from++;
        isItemNext = from === end || bytes[from] !== close;
      } else if (depth === 0) {
        malformed();
      } else if (byte === quote) {
        scratch = grown(scratch, end - from);
        const part = unescapeQuoted(bytes, from, end, scratch) ?? malformed();
        to = item(scratch, 0, part.length, out, to);
        from = part.next;
        isItemNext = false;
      } else {
        let next = from;
        while (next < end && bytes[next] !== separator && bytes[next] !== close) next++;
        if (next === from) malformed();
        to = isNull(bytes, from, next) ? putJsonNull(out, to) : item(bytes, from, next, out, to);
        from = next;
        isItemNext = false;
      }
    }
    return depth === 0 && !isItemNext && from === end ? to : malformed();
  };
}

/** An array that does not begin at 1 starts with its bounds: `[0:1]={a,b}`. */
function afterBounds(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && bytes[at] !== equals) at++;
  return at + 1;
}

/** NULL without quotes is null; the text NULL is in quotes. */
function isNull(bytes: Uint8Array, start: number, end: number): boolean {
  return (
    end - start === 4 &&
    bytes[start] === 0x4e &&
    bytes[start + 1] === 0x55 &&
    bytes[start + 2] === 0x4c &&
    bytes[start + 3] === 0x4c
  );
}
