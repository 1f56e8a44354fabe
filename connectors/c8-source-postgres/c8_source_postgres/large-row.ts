import { rowTooLarge } from 'c8connector-sql';

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
      if (longest.length > size / 2 || seen >= size) throw rowTooLarge(size, stream, columns[longest.column]);
    },
  };
}
