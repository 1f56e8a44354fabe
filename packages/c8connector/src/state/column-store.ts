import { isDeepStrictEqual } from 'node:util';
import type { ColumnSummary } from './schema-change.ts';

/** What the columns of each stream of a connection were in its last run. */
export interface ColumnStore {
  /** Keeps the columns of a stream as they are now, and gives those of the last time. May become durable a little later: they are for people. */
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
