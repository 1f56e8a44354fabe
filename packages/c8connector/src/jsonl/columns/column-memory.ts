import type { ColumnValues } from '../../interface/columns.ts';
import type { StreamSchema } from '../../interface/stream.ts';

/** Arrays of columns that are no longer read, for the next rows of the same schema: of one schema only, since there may be thousands of streams. */
export interface ColumnMemory {
  schema: StreamSchema | undefined;
  kept: (readonly ColumnValues[])[];
}

/** One batch is read while the next one is made. */
const mostKept = 2;
/** Larger arrays, which only a large row needs, are not kept. */
const largestKept = 16 * 1024 * 1024;

export function columnMemory(): ColumnMemory {
  return { schema: undefined, kept: [] };
}

/** Columns with arbitrary content; undefined if there are none of this schema. */
export function takeColumns(memory: ColumnMemory, schema: StreamSchema): readonly ColumnValues[] | undefined {
  if (memory.schema !== schema) Object.assign(memory, { schema, kept: [] });
  return memory.kept.pop();
}

/** Keeps columns of rows of this schema. Columns after those of the schema do no harm. */
export function keepColumns(memory: ColumnMemory, schema: StreamSchema, columns: readonly ColumnValues[]): void {
  if (memory.schema !== schema || memory.kept.length >= mostKept) return;
  if (columns.reduce((sum, column) => sum + allocated(column), 0) <= largestKept) memory.kept.push(columns);
}

function allocated(column: ColumnValues): number {
  const nulls = column.nulls?.byteLength ?? 0;
  if (column.kind === 'bytes') return nulls + column.bytes.byteLength + column.ends.byteLength;
  if (column.kind === 'list') return nulls + column.ends.byteLength + allocated(column.items);
  return nulls + column.values.byteLength;
}
