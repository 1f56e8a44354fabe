import type { Convert } from 'c8connector-sql';
import { encoderOfUtf8, type TextEncoding } from '../text-encoding.ts';

/** The most bytes of UTF-8 that a byte of another encoding becomes. */
export const utf8Growth = 3;

/** A converter for values that are not in UTF-8, from a database with the encoding SQL_ASCII. Refuses an invalid value as a copy does, with the name of its column. */
export function convertToUtf8(convert: Convert, encoding: TextEncoding, stream: string, column: string): Convert {
  let value: Uint8Array = new Uint8Array(0);
  const encoder = encoderOfUtf8(
    {
      add(bytes, start, end) {
        value = bytes.subarray(start, end);
      },
      nextPage: () => undefined,
      rest: () => undefined,
    },
    encoding,
    { stream, columns: [column] },
  );
  return (bytes, start, end, out, at) => {
    encoder.add(bytes, start, end);
    return convert(value, 0, value.length, out, at);
  };
}
