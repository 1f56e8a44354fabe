import { isUtf8 } from 'node:buffer';
import { DataError } from 'c8connector';
import type { RowEncoder } from 'c8connector-sql';
import { grown } from 'c8connector-sql';

/** The characters of WIN1252 in place of the control characters of LATIN1. Some TextDecoders confuse the two. */
const windows1252 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

/** Possible encodings of the texts in a database without one, by PostgreSQL's names: all are supersets of ASCII with one byte per character. */
const singleByte = {
  LATIN1: (byte: number) => String.fromCharCode(byte),
  LATIN2: decoderOf('iso-8859-2'),
  LATIN9: decoderOf('iso-8859-15'),
  WIN1250: decoderOf('windows-1250'),
  WIN1251: decoderOf('windows-1251'),
  WIN1252: (byte: number) => windows1252[byte - 0x80] ?? String.fromCharCode(byte),
  KOI8R: decoderOf('koi8-r'),
} as const;

function decoderOf(label: string): (byte: number) => string {
  return (byte) => new TextDecoder(label).decode(Uint8Array.of(byte));
}

/** UTF8, or one of those whose bytes are converted. */
export type TextEncoding = 'UTF8' | keyof typeof singleByte;

/** What the message of a refused value contains. */
export interface RowsOf {
  readonly stream: string;
  readonly columns: readonly string[];
}

/**
 * Takes rows of COPY text in this encoding and passes them on in UTF-8.
 *
 * @throws {DataError} `value_refused`, from `add`, for bytes that the encoding does not have.
 */
export function encoderOfUtf8<P>(encoder: RowEncoder<P>, encoding: TextEncoding, rows: RowsOf): RowEncoder<P> {
  const add = encoding === 'UTF8' ? checked(encoder, rows) : converted(encoder, encoding, rows);
  return { ...encoder, add };
}

function checked(encoder: Pick<RowEncoder, 'add'>, rows: RowsOf): RowEncoder['add'] {
  return (bytes, start, end) => {
    const row = bytes.subarray(start, end);
    if (!isUtf8(row))
      refuse(
        fieldOf(row, (field) => !isUtf8(field)),
        'UTF8',
        rows,
      );
    encoder.add(bytes, start, end);
  };
}

function converted(
  encoder: Pick<RowEncoder, 'add'>,
  encoding: keyof typeof singleByte,
  rows: RowsOf,
): RowEncoder['add'] {
  const table = tableOf(encoding);
  let scratch: Uint8Array = new Uint8Array(1024);
  return (bytes, start, end) => {
    let plain = start;
    while (plain < end && (bytes[plain] as number) < 0x80) plain++;
    if (plain === end) return encoder.add(bytes, start, end);
    scratch = grown(scratch, 3 * (end - start));
    let to = 0;
    for (let from = start; from < end; from++) {
      const byte = bytes[from] as number;
      const character = byte < 0x80 ? undefined : table[byte - 0x80];
      if (character === undefined) {
        if (byte >= 0x80)
          refuse(
            fieldOf(bytes.subarray(start, end), (field) => field.includes(byte)),
            encoding,
            rows,
          );
        scratch[to++] = byte;
      } else {
        scratch.set(character, to);
        to += character.length;
      }
    }
    encoder.add(scratch, 0, to);
  };
}

/** The upper half of an encoding in UTF-8; undefined for bytes that it does not have. */
function tableOf(encoding: keyof typeof singleByte): readonly (Uint8Array | undefined)[] {
  return Array.from({ length: 0x80 }, (_, index) => {
    const character = singleByte[encoding](0x80 + index);
    return character === '\ufffd' ? undefined : new TextEncoder().encode(character);
  });
}

/** The index of the first field of a row for which `isBad` returns true; tabs inside values are escaped. */
function fieldOf(row: Uint8Array, isBad: (field: Uint8Array) => boolean): number {
  let start = 0;
  for (let index = 0; ; index++) {
    const end = row.indexOf(0x09, start);
    if (end < 0 || isBad(row.subarray(start, end))) return index;
    start = end + 1;
  }
}

function refuse(index: number, encoding: TextEncoding, { stream, columns }: RowsOf): never {
  const column = columns[index] ?? '';
  const message = `The column ${column} of ${stream} holds a value that is not text in ${encoding}.`;
  throw new DataError(message, {
    code: 'value_refused',
    remedy:
      'Set encoding to that of the values, such as LATIN1, since an SQL_ASCII database does not declare one; or correct the value, or deselect the column.',
    details: { stream, column },
  });
}
