import type { ColumnValues } from '../../interface/columns.ts';

/** Bytes of memory that `count` values take. */
export function columnSize(column: ColumnValues, count: number): number {
  return (column.nulls === undefined ? 0 : count) + valuesSize(column, count);
}

function valuesSize(column: ColumnValues, count: number): number {
  switch (column.kind) {
    case 'boolean':
      return count;
    case 'int32':
      return 4 * count;
    case 'int64':
    case 'double':
      return 8 * count;
    case 'decimal128':
      return 16 * count;
    case 'bytes':
      return 4 * count + lastEnd(column.ends, count);
    case 'list':
      return 4 * count + columnSize(column.items, lastEnd(column.ends, count));
  }
}

function lastEnd(ends: Int32Array, count: number): number {
  return count === 0 ? 0 : (ends[count - 1] ?? 0);
}
