import { isUtf8 } from 'node:buffer';
import { type KeyDecoder, keepField, keepNull } from 'c8connector-sql';
import { fieldLength, fieldStart, nullByte } from './text-row.ts';

/** Finds the values of a key in rows of the text protocol. In a bookmark, those of the `binary` columns are hexadecimal. */
export function rowKey(binary: ReadonlySet<string>): KeyDecoder {
  return {
    keep(fields, places, bytes, start, end) {
      let at = start;
      for (let field = 0; field < places.length && at < end; field++) {
        const place = places[field] as number;
        if (bytes[at] === nullByte) {
          if (place >= 0) keepNull(fields, place);
          at += 1;
          continue;
        }
        const from = fieldStart(bytes, at);
        at = from + fieldLength(bytes, at);
        if (place >= 0) keepField(fields, place, bytes, from, at);
      }
    },
    textOf(name, value) {
      if (binary.has(name)) return Buffer.from(value).toString('hex');
      return isUtf8(value) ? Buffer.from(value).toString() : undefined;
    },
  };
}
