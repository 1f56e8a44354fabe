import type { ColumnSummary } from './schema-change.ts';

/** What the columns of each stream of a connection were in its last run. */
export interface ColumnStore {
  /** Keeps the columns of a stream as they are now, and gives those of the last time. May become durable a little later: they are for people. */
  keep(stream: string, columns: ColumnSummary): Promise<ColumnSummary | undefined>;
}
