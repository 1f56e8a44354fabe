import { type Convert, putNull } from '../convert-text.ts';
import { type Lines, makeRoom } from './lines.ts';
import { nullKind, type Tuple, unchangedKind } from './tuple.ts';

/** A column that is written. */
export interface WrittenColumn {
  /** Its place among the values of a row. */
  readonly place: number;
  /** `"name":` */
  readonly key: Uint8Array;
  readonly convert: Convert;
}

/** Columns of one table that are written together. */
export interface WrittenColumns {
  readonly columns: readonly WrittenColumn[];
  /** Bytes that a row takes at most without its values. */
  readonly rowSize: number;
  /** Bytes that a byte of a value takes at most. */
  readonly growth: number;
}

const openBrace = 0x7b;
const comma = 0x2c;
/** The room of a value beside its bytes, which `Convert` asks for, and of a comma. */
const valueRoom = 40 + 1;

/** `growth`: 8, more where values are converted to UTF-8 first. */
export function writtenColumns(columns: readonly WrittenColumn[], growth: number): WrittenColumns {
  return { columns, growth, rowSize: columns.reduce((sum, { key }) => sum + key.length + valueRoom, 2) };
}

/** Where the values of a row come from. */
export interface RowValues {
  readonly body: Buffer;
  readonly row: Tuple;
  /** The whole row before it, which has the large values that did not change. */
  readonly before?: Tuple | undefined;
}

/**
 * Appends a row, without the columns that the log has nothing of. `tail` are members for its end, with the brace and the line break. Returns whether a column was left out.
 */
export function putRow(
  lines: Lines,
  { columns, rowSize, growth }: WrittenColumns,
  { body, row, before }: RowValues,
  tail: Uint8Array,
): boolean {
  makeRoom(lines, growth * body.length + rowSize + tail.length);
  const { bytes } = lines;
  let at = lines.end;
  let isCut = false;
  bytes[at++] = openBrace;
  for (const { place, key, convert } of columns) {
    const values = before !== undefined && row.kinds[place] === unchangedKind ? before : row;
    const kind = values.kinds[place];
    if (kind === unchangedKind) {
      isCut = true;
      continue;
    }
    // Names are short: a call of the engine for each takes longer.
    for (let index = 0; index < key.length; index++) bytes[at++] = key[index] as number;
    at =
      kind === nullKind
        ? putNull(bytes, at)
        : convert(body, values.starts[place] as number, values.ends[place] as number, bytes, at);
    bytes[at++] = comma;
  }
  bytes.set(tail, at);
  lines.end = at + tail.length;
  lines.count += 1;
  return isCut;
}
