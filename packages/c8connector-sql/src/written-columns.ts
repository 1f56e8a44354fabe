import type { Convert } from './convert-text.ts';

/** A column that is written to the rows of a log. */
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

/** The room that `Convert` requires besides the bytes of a value, and one comma. */
const valueRoom = 40 + 1;

/** `growth` is 8, and more if values are converted to UTF-8 first. */
export function writtenColumns(columns: readonly WrittenColumn[], growth = 8): WrittenColumns {
  return { columns, growth, rowSize: columns.reduce((sum, { key }) => sum + key.length + valueRoom, 2) };
}

/** A column of a log with this name. */
export function writtenColumn(name: string, index: number, convert: Convert): WrittenColumn {
  return { index, key: new TextEncoder().encode(`${JSON.stringify(name)}:`), convert };
}
