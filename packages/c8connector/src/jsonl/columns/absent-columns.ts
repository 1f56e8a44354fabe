import type { ColumnValues } from '../../interface/columns.ts';
import { builtColumn, columnBuilder, putBytes } from './column-builder.ts';

/** Records for each row which columns are absent. */
export interface AbsentColumns {
  /** Adds a column that the row lacks, by its index. */
  add(index: number): void;
  endRow(): void;
  /** A list of names for each row; undefined when no row lacks a column. */
  built(): ColumnValues | undefined;
}

export function absentColumns(columns: readonly string[], count: number): AbsentColumns {
  const names: Uint8Array[] = [];
  const items = columnBuilder({ kind: 'text' }, 0);
  let ends: Int32Array<ArrayBuffer> | undefined;
  let row = 0;
  return {
    add(index) {
      ends ??= new Int32Array(count);
      names[index] ??= new TextEncoder().encode(columns[index]);
      const name = names[index];
      putBytes(items, name, 0, name.length);
    },
    endRow() {
      if (ends !== undefined) ends[row] = items.count;
      row++;
    },
    built: () => ends && { kind: 'list', ends, items: builtColumn(items) },
  };
}
