import { type Convert, growLines, type Lines, putJsonNull } from 'c8connector-sql';
import { nullKind, type Tuple, unchangedKind } from './tuple.ts';

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
  /** The most bytes that each byte of a value becomes. */
  readonly growth: number;
}

const openBrace = 0x7b;
const comma = 0x2c;
/** The room that `Convert` requires besides the bytes of a value, and one comma. */
const valueRoom = 40 + 1;

/** `growth` is 8, and more if values are converted to UTF-8 first. */
export function writtenColumns(columns: readonly WrittenColumn[], growth: number): WrittenColumns {
  return { columns, growth, rowSize: columns.reduce((sum, { key }) => sum + key.length + valueRoom, 2) };
}

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
