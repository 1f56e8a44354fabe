import { growLines, type Lines, putJsonNull, type WrittenColumns } from 'c8connector-sql';
import { nullKind, type Tuple, unchangedKind } from './tuple.ts';

const openBrace = 0x7b;
const comma = 0x2c;
/** Where the values of a row come from. */
export interface RowValues {
  readonly body: Buffer;
  readonly row: Tuple;
  /** The whole row before the change, which has the large values that did not change. */
  readonly before?: Tuple | undefined;
}

/**
 * Appends a row, without the columns whose values the log does not contain. `tail` has the last members, the closing brace and the line break. Returns whether a column is missing.
 */
export function putRow(
  lines: Lines,
  { columns, rowSize, growth }: WrittenColumns,
  { body, row, before }: RowValues,
  tail: Uint8Array,
): boolean {
  growLines(lines, growth * body.length + rowSize + tail.length);
  const { bytes } = lines;
  let at = lines.end;
  let isCut = false;
  bytes[at++] = openBrace;
  for (const { index, key, convert } of columns) {
    const values = before !== undefined && row.kinds[index] === unchangedKind ? before : row;
    const kind = values.kinds[index];
    if (kind === unchangedKind) {
      isCut = true;
      continue;
    }
    // A loop, since names are short and `set` would take longer.
    for (let position = 0; position < key.length; position++) bytes[at++] = key[position] as number;
    at =
      kind === nullKind
        ? putJsonNull(bytes, at)
        : convert(body, values.starts[index] as number, values.ends[index] as number, bytes, at);
    bytes[at++] = comma;
  }
  bytes.set(tail, at);
  lines.end = at + tail.length;
  lines.count += 1;
  return isCut;
}
