import type { Exactness, RecordsMessage } from '../interface/messages.ts';
import type { Bookmark } from '../interface/state.ts';
import type { BatchHeader } from '../jsonl/batch.ts';
import { columnSize } from '../jsonl/columns/column-size.ts';
import { growLines, type Lines, noLines, takeLines } from '../jsonl/page-lines.ts';
import type { PageMemory } from '../jsonl/page-memory.ts';
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
  const memory: PageMemory = [];
  let before = new Map<string, (Page | OpenPage)[]>();
  let after = new Map<string, Page[]>();
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
      for (const [stream, pages] of after) {
        const held = before.get(stream) ?? [];
        for (const page of pages) join(held, page, memory);
        before.set(stream, held);
      }
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

/** Small pages of lines that have become one. */
interface OpenPage {
  readonly joined: Lines;
  readonly exact: Exactness | undefined;
}

/** Pages with more bytes of lines are not copied. */
const smallBytes = batchBytes / 4;

/** Adds a page. A log has a position after each commit, and so many small pages: each would become a batch of its own. */
function join(held: (Page | OpenPage)[], page: Page, memory: PageMemory): void {
  if (!('lines' in page) || page.lines.length > smallBytes) {
    held.push(page);
    return;
  }
  const last = held.at(-1);
  const isFitting =
    last !== undefined && 'joined' in last && last.exact === page.exact && hasRoom(last.joined, page.lines);
  const { joined } = isFitting ? last : openPage(held, page.exact, memory);
  growLines(joined, page.lines.length);
  joined.bytes.set(page.lines, joined.end);
  joined.end += page.lines.length;
  joined.count += page.count;
  page.release?.();
}

function hasRoom({ end }: Lines, lines: Uint8Array): boolean {
  return end + lines.length <= batchBytes;
}

function openPage(held: (Page | OpenPage)[], exact: Exactness | undefined, memory: PageMemory): OpenPage {
  const page = { joined: noLines(memory), exact };
  held.push(page);
  return page;
}

function closed(page: Page | OpenPage): Page {
  if (!('joined' in page)) return page;
  const { joined, exact } = page;
  return { ...(takeLines(joined) ?? { lines: new Uint8Array(0), count: 0 }), ...(exact !== undefined && { exact }) };
}

async function* batchesOf(
  held: ReadonlyMap<string, readonly (Page | OpenPage)[]>,
  header: (stream: string) => Omit<BatchHeader, 'exact'>,
): AsyncGenerator<RecordsMessage> {
  for (const [stream, pages] of held)
    for await (const { batch } of batchPages(pages.map(closed), () => header(stream)))
      if (batch !== undefined) yield batch;
}

function sizeOf(page: Page): number {
  if ('lines' in page) return page.lines.length;
  if ('columns' in page) return page.columns.reduce((sum, column) => sum + columnSize(column, page.count), 0);
  return page.rows.reduce((sum, row) => sum + estimateSize(row), 0);
}
