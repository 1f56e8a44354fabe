import type { Block, ColumnType, ParquetColumn } from 'c8connector-parquet';
import { blockOf } from '../blocks.ts';

/** Of the files of these tests. */
export const columns: readonly ParquetColumn[] = [
  { name: 'id', type: { kind: 'integer' } },
  { name: 'name', type: { kind: 'text' } },
  { name: 'days', type: { kind: 'list', items: { kind: 'date' } } },
];
const types: readonly ColumnType[] = columns.map(({ type }) => type);

/** Rows from `from` on. */
export function cellsOf(from: number, rows: number) {
  const ids = Array.from({ length: rows }, (_, row) => from + row);
  return [ids.map(BigInt), ids.map((id) => (id % 7 === 0 ? null : `name ${id}`)), ids.map((id) => [id, null])];
}
export const blockFrom = (from: number, rows: number): Block => blockOf(types, cellsOf(from, rows));
