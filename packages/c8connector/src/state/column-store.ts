import { isDeepStrictEqual } from 'node:util';
import type { ColumnSummary } from './schema-change.ts';

/** Stores the columns that each stream of a connection had in its last run. */
export interface ColumnStore {
  /** Stores the current columns of a stream, and returns those stored before. They may become durable a little later, since they are only shown to people. */
  keep(stream: string, columns: ColumnSummary): Promise<ColumnSummary | undefined>;
}

/** A store of columns in memory; `onChange` is called after each change of `columns`. */
export function openMemoryColumns(
  columns: Map<string, ColumnSummary> = new Map(),
  onChange: () => void = () => undefined,
): ColumnStore {
  return {
    async keep(stream, now) {
      const before = columns.get(stream);
      if (!isDeepStrictEqual(before, now)) {
        columns.set(stream, now);
        onChange();
      }
      return before;
    },
  };
}
