import { Decimal, type Row, type Value } from '../interface/value.ts';

/** About how many bytes a row takes as a line, without encoding it. */
export function estimateSize(row: Row): number {
  let size = 3;
  for (const column in row) size += column.length + 4 + valueSize(row[column]);
  return size;
}

function valueSize(value: Value | undefined): number {
  if (typeof value === 'string') return value.length + 2;
  if (typeof value !== 'object' || value === null) return 6;
  if (value instanceof Decimal) return value.text.length;
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + 1 + valueSize(item), 2);
  return estimateSize(value as Row);
}
