import { growLines, type Lines, putJsonNull, type WrittenColumn, type WrittenColumns } from 'c8connector-sql';
import { absentValue, nullValue, type RowText } from './binlog/events.ts';

const openBrace = 0x7b;
const comma = 0x2c;

/** Appends a row. `tail` has the last members, the closing brace and the line break. */
export function putRow(
  lines: Lines,
  { columns, rowSize, growth }: WrittenColumns,
  row: RowText,
  tail: Uint8Array,
): void {
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
