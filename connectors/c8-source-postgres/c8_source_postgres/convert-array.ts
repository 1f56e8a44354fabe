import { type Convert, putNull } from './convert-text.ts';
import { grown, unescapeQuoted } from './scratch.ts';

const comma = 0x2c;
const quote = 0x22;
const equals = 0x3d;
const open = 0x7b;
const close = 0x7d;
const openBracket = 0x5b;

/**
 * `{{1,2},{3,NULL}}` as nested lists, as deep as the value is, whatever its column declares. `delimiter` is that of the element type: a semicolon
 * for box, a comma for all others.
 */
export function convertArray(delimiter: string, item: Convert): Convert {
  const separator = delimiter.charCodeAt(0);
  let scratch: Uint8Array = new Uint8Array(256);
  return (bytes, start, end, out, at) => {
    let from = bytes[start] === openBracket ? behindBounds(bytes, start) : start;
    let to = at;
    while (from < end) {
      const byte = bytes[from];
      if (byte === open || byte === close) {
        out[to++] = byte === open ? openBracket : 0x5d;
        from++;
      } else if (byte === separator) {
        out[to++] = comma;
        from++;
      } else if (byte === quote) {
        scratch = grown(scratch, end - from);
        const part = unescapeQuoted(bytes, from, scratch);
        to = item(scratch, 0, part.length, out, to);
        from = part.next;
      } else {
        let next = from;
        while (next < end && bytes[next] !== separator && bytes[next] !== close) next++;
        to = isNull(bytes, from, next) ? putNull(out, to) : item(bytes, from, next, out, to);
        from = next;
      }
    }
    return to;
  };
}

/** An array that does not begin at 1 starts with its bounds: `[0:1]={a,b}`. */
function behindBounds(bytes: Uint8Array, start: number): number {
  let at = start;
  while (bytes[at] !== equals) at++;
  return at + 1;
}

/** Without quotes NULL is null; the text NULL stands in quotes. */
function isNull(bytes: Uint8Array, start: number, end: number): boolean {
  return (
    end - start === 4 &&
    bytes[start] === 0x4e &&
    bytes[start + 1] === 0x55 &&
    bytes[start + 2] === 0x4c &&
    bytes[start + 3] === 0x4c
  );
}
