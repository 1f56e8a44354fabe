import { type Convert, growLines, type Lines, putJsonNull } from 'c8connector-sql';
import { absentValue, nullValue, type RowText } from './events.ts';

/** A column that is written to the rows. */
export interface WrittenColumn {
  /** Its index among the values of a row. */
  readonly index: number;
  /** `"name":` */
  readonly key: Uint8Array;
  readonly convert: Convert;
}

/** Columns of one table that are written together. */
export interface WrittenColumns {
  readonly columns: readonly WrittenColumn[];
  /** The most bytes that a row takes without its values. */
  readonly rowSize: number;
}

const openBrace = 0x7b;
const comma = 0x2c;
/** The room that `Convert` requires besides the bytes of a value, and one comma. */
const valueRoom = 40 + 1;
/** The most bytes that each byte of a value becomes. */
const growth = 8;

export function writtenColumns(columns: readonly WrittenColumn[]): WrittenColumns {
  return { columns, rowSize: columns.reduce((sum, { key }) => sum + key.length + valueRoom, 2) };
}

/** Appends a row. `tail` has the last members, the closing brace and the line break. */
export function putRow(lines: Lines, { columns, rowSize }: WrittenColumns, row: RowText, tail: Uint8Array): void {
  growLines(lines, growth * sizeOf(columns, row) + rowSize + tail.length);
  const { bytes } = lines;
  let at = lines.end;
  bytes[at++] = openBrace;
  for (const { index, key, convert } of columns) {
    const start = row.starts[index] as number;
    if (start === absentValue) continue;
    // A loop, since names are short and `set` would take longer.
    for (let position = 0; position < key.length; position++) bytes[at++] = key[position] as number;
    at = start === nullValue ? putJsonNull(bytes, at) : convert(row.bytes, start, row.ends[index] as number, bytes, at);
    bytes[at++] = comma;
  }
  bytes.set(tail, at);
  lines.end = at + tail.length;
  lines.count += 1;
}

/** Bytes of the values of these columns. */
export function sizeOf(columns: readonly WrittenColumn[], { starts, ends }: RowText): number {
  let size = 0;
  for (const { index } of columns) {
    const start = starts[index] as number;
    if (start >= 0) size += (ends[index] as number) - start;
  }
  return size;
}
