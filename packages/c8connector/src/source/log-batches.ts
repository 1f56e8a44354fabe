import type { RecordsMessage } from '../interface/messages.ts';
import type { Bookmark } from '../interface/state.ts';
import type { BatchHeader } from '../jsonl/batch.ts';
import { columnSize } from '../jsonl/columns/column-size.ts';
import { estimateSize } from '../jsonl/row-size.ts';
import { batchAge, batchBytes, batchPages } from './batch-pages.ts';
import type { Page } from './source-definition.ts';

/** What was read from a log and not passed on yet: the rows of each stream, and the positions reached between them. */
export interface LogBatches {
  add(stream: string, page: Page): void;
  /** Records the positions that these streams have reached: all rows added so far come before them. */
  reach(bookmarks: Readonly<Record<string, Bookmark>>): void;
  /** When it must be passed on at the latest, in milliseconds since 1970; undefined while nothing is held. */
  dueAt(): number | undefined;
  /** Whether enough is held that it must be passed on. */
  isFull(): boolean;
  /** Whether rows were added, or passed on, since the last position. */
  isBehindPosition(): boolean;
  /** Everything that is held: the rows before the newest position, that position, and the rows after it. */
  close(): AsyncGenerator<RecordsMessage | Reach>;
}

/** The positions that streams have reached. */
interface Reach {
  readonly type: 'reached';
  readonly bookmarks: ReadonlyMap<string, Bookmark>;
}

/** Joins the rows of a log into batches. `header` is called when a batch of the stream is made. */
export function logBatches(header: (stream: string) => Omit<BatchHeader, 'exact'>): LogBatches {
  let before: Held = new Map();
  let after: Held = new Map();
  let bookmarks = new Map<string, Bookmark>();
  let bytes = 0;
  let since: number | undefined;
  let isBehind = false;

  return {
    add(stream, page) {
      const held = after.get(stream);
      if (held === undefined) after.set(stream, [page]);
      else held.push(page);
      bytes += sizeOf(page);
      since ??= Date.now();
      isBehind = true;
    },
    reach(reached) {
      for (const [stream, pages] of after) before.set(stream, [...(before.get(stream) ?? []), ...pages]);
      after = new Map();
      for (const [stream, bookmark] of Object.entries(reached)) bookmarks.set(stream, bookmark);
      since ??= Date.now();
      isBehind = false;
    },
    dueAt: () => (since === undefined ? undefined : since + batchAge),
    isFull: () => bytes >= batchBytes,
    isBehindPosition: () => isBehind,
    async *close() {
      const closing = { before, after, bookmarks };
      before = new Map();
      after = new Map();
      bookmarks = new Map();
      bytes = 0;
      since = undefined;
      yield* batchesOf(closing.before, header);
      if (closing.bookmarks.size > 0) yield { type: 'reached', bookmarks: closing.bookmarks };
      yield* batchesOf(closing.after, header);
    },
  };
}

type Held = Map<string, Page[]>;

async function* batchesOf(
  held: Held,
  header: (stream: string) => Omit<BatchHeader, 'exact'>,
): AsyncGenerator<RecordsMessage> {
  for (const [stream, pages] of held)
    for await (const { batch } of batchPages(pages, () => header(stream))) if (batch !== undefined) yield batch;
}

function sizeOf(page: Page): number {
  if ('lines' in page) return page.lines.length;
  if ('columns' in page) return page.columns.reduce((sum, column) => sum + columnSize(column, page.count), 0);
  return page.rows.reduce((sum, row) => sum + estimateSize(row), 0);
}
