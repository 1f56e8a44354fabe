import { type Block, type ColumnValues, type Layout, layoutOf } from '../columns.ts';
import type { ParquetColumn } from '../format/schema.ts';
import { ParquetError } from '../parquet-error.ts';

/** The most bytes of a text or a binary value. */
export const longestValue = 256 * 1024 * 1024;

/** The most bytes of all values in one column of one block, and the most items of its lists. */
const largestColumn = 1024 * 1024 * 1024;

/** The most rows of one block. */
const mostRows = 16 * 1024 * 1024;

/**
 * Throws a ParquetError `block_invalid` when the arrays of a block have another layout, or are shorter than its rows need; `value_too_large` when it exceeds the limits.
 * The ends of values are checked when the values are copied.
 */
export function checkBlock(block: Block, columns: readonly ParquetColumn[]): void {
  const { rows } = block;
  if (!Number.isInteger(rows) || rows < 0) throw new ParquetError('block_invalid', `A block has ${rows} rows.`);
  if (rows > mostRows) throw new ParquetError('value_too_large', `A block has ${rows} rows: it may have ${mostRows}.`);
  if (block.columns.length !== columns.length) {
    throw new ParquetError('block_invalid', `A block has ${block.columns.length} columns, the file ${columns.length}.`);
  }
  block.columns.forEach((values, index) => {
    const column = columns[index];
    if (column !== undefined) checkValues(values, layoutOf(column.type), rows, column.name);
  });
}

/** How many elements of its array a value takes. */
export const elementsEach = { boolean: 1, int32: 1, int64: 2, double: 1, decimal128: 16 } as const;

function checkValues(values: ColumnValues, layout: Layout, count: number, name: string): void {
  const fail = (problem: string): never => {
    throw new ParquetError('block_invalid', `Column ${JSON.stringify(name)} of a block ${problem}.`);
  };
  if (values.kind !== layout.kind) fail(`has the layout ${values.kind} where its type has ${layout.kind}`);
  if (values.nulls !== undefined && values.nulls.length < count)
    fail(`has nulls for ${values.nulls.length} of ${count} values`);
  if (values.kind !== 'bytes' && values.kind !== 'list') {
    const needed = count * elementsEach[values.kind];
    if (values.values.length < needed) fail(`has an array of ${values.values.length} elements, and needs ${needed}`);
    return;
  }
  if (values.ends.length < count) fail(`has ends for ${values.ends.length} of ${count} values`);
  const end = count === 0 ? 0 : (values.ends[count - 1] ?? 0);
  if (end < 0) fail(`ends at ${end}`);
  if (end > largestColumn) {
    const limit = `${end} bytes or items in one block: it may have ${largestColumn}`;
    throw new ParquetError('value_too_large', `Column ${JSON.stringify(name)} has ${limit}. Use smaller blocks.`);
  }
  if (values.kind === 'list' && layout.kind === 'list') checkValues(values.items, layout.items, end, name);
  if (values.kind === 'bytes' && values.bytes.length < end)
    fail(`has ${values.bytes.length} bytes, and its values end at ${end}`);
}
