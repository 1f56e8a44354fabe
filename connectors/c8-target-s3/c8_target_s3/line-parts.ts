import type { RecordReader } from 'c8connector';

const openBrace = Buffer.from('{');
const comma = Buffer.from(',');
const colon = Buffer.from(':');
const endOfLine = Buffer.from('}\n');

/** The record that was last read as a line with only these columns, given by index, in their order. The line is returned in pieces. */
export function lineParts(
  lines: Uint8Array,
  { keys, starts, ends }: RecordReader,
  columns: readonly number[],
): Uint8Array[] {
  const parts: Uint8Array[] = [];
  for (const index of columns) {
    const [key, start = -1] = [keys[index], starts[index]];
    if (key === undefined || start < 0) continue;
    parts.push(parts.length === 0 ? openBrace : comma, key, colon, lines.subarray(start, ends[index]));
  }
  return [...(parts.length === 0 ? [openBrace] : parts), endOfLine];
}
