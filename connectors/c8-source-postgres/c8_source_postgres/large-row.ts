import { DataError } from 'c8connector';

/** The most bytes of a row in COPY text: strings of Node have at most 512 MB, which is the limit for a line of JSON. */
export const largestRow = 500_000_000;

const tab = 0x09;

/** A row that is too large to be kept: its bytes are scanned as they come. */
export interface LargeRow {
  /** @throws {DataError} `value_refused`, as soon as they show which column it is. */
  take(bytes: Uint8Array): void;
}

/** A row of this many bytes; `columns` are those of the copy. */
export function largeRow(size: number, { stream, columns }: { stream: string; columns: readonly string[] }): LargeRow {
  let seen = 0;
  let column = 0;
  let length = 0;
  let longest = { column: 0, length: 0 };

  function endPart(bytes: number): void {
    length += bytes;
    if (length > longest.length) longest = { column, length };
  }

  return {
    take(bytes) {
      let from = 0;
      while (from < bytes.length) {
        const found = bytes.indexOf(tab, from);
        endPart((found < 0 ? bytes.length : found) - from);
        if (found < 0) break;
        from = found + 1;
        column += 1;
        length = 0;
      }
      seen += bytes.length;
      // A column that is longer than half of the row is the longest one.
      if (longest.length > size / 2 || seen >= size) throw tooLarge(size, stream, columns[longest.column]);
    },
  };
}

function tooLarge(size: number, stream: string, column: string | undefined): DataError {
  const place = column === undefined ? stream : `${stream}, most of it in the column ${column}`;
  const megabytes = Math.ceil(size / 1e6);
  return new DataError(
    `A row of ${megabytes} MB in ${place}: rows larger than ${largestRow / 1e6} MB cannot be read.`,
    {
      code: 'value_refused',
      remedy: `Deselect ${column === undefined ? 'the columns with large values' : `the column ${column}`}, or shorten its values.`,
      details: { stream, ...(column !== undefined && { column }) },
    },
  );
}
