import { timedIterator } from '../deadline.ts';
import type { ColumnValues } from '../interface/columns.ts';
import type { Bookmark } from '../interface/state.ts';
import type { Row } from '../interface/value.ts';
import { Batch, type BatchHeader } from '../jsonl/batch.ts';
import { estimateSize } from '../jsonl/row-size.ts';
import type { Page } from './source-definition.ts';

/** The most bytes of lines in a batch, unless a single row is larger. */
export const batchBytes = 2_000_000;
/** The most milliseconds until a batch is closed, also while the source is slow. */
export const batchAge = 1000;
const newline = 0x0a;

/** Rows that are passed on together, and the bookmark of their last page. */
export interface BatchedPages {
  readonly batch: Batch | undefined;
  readonly bookmark: Bookmark | undefined;
}

/** Rows that wait to become a batch. */
interface Held {
  rows: Row[];
  /** Estimated bytes of the rows. */
  bytes: number;
  /** When the first row came, in milliseconds since 1970. */
  since: number;
  /** The bookmark of the newest page that had one. */
  bookmark: Bookmark | undefined;
  /** How many of the rows come before the bookmark. */
  covered: number;
}

/** Returns what a batch carries besides its rows, at the moment when it is made. */
type MakeHeader = () => Omit<BatchHeader, 'exact'>;

/**
 * Joins small pages into batches, unless each must stay a batch of its own, and splits large ones. A bookmark is passed on with the last batch of its page, never earlier.
 */
export async function* batchPages(
  pages: AsyncIterable<Page> | Iterable<Page>,
  makeHeader: MakeHeader,
  isJoining = true,
): AsyncGenerator<BatchedPages> {
  const input = timedIterator(pages);
  const held: Held = { rows: [], bytes: 0, since: 0, bookmark: undefined, covered: 0 };
  try {
    for (;;) {
      const wasHolding = isHolding(held);
      const next = await input.next(wasHolding ? { milliseconds: held.since + batchAge - Date.now() } : {});
      if (next === undefined) {
        yield* close(held, makeHeader);
        continue;
      }
      if (next.done === true) break;
      const page = next.value;
      if (!wasHolding) held.since = Date.now();
      if ('lines' in page) {
        if (wasHolding) yield* close(held, makeHeader);
        yield* batchLines(page, makeHeader);
        continue;
      }
      if ('columns' in page) {
        if (wasHolding) yield* close(held, makeHeader);
        yield { batch: batchOfColumns(page, makeHeader), bookmark: page.bookmark };
        continue;
      }
      for (const row of page.rows) {
        const size = estimateSize(row);
        if (held.rows.length > 0 && held.bytes + size > batchBytes) yield* close(held, makeHeader);
        held.rows.push(row);
        held.bytes += size;
      }
      keepBookmark(held, page.bookmark);
      if (!isJoining || Date.now() - held.since >= batchAge) yield* close(held, makeHeader);
    }
    if (isHolding(held)) yield* close(held, makeHeader);
  } catch (error) {
    // The rows before the failure are valid, and with their bookmark they need not be read again.
    if (isHolding(held)) yield* close(held, makeHeader);
    throw error;
  } finally {
    await input.return();
  }
}

function isHolding({ rows, bookmark }: Held): boolean {
  return rows.length > 0 || bookmark !== undefined;
}

function keepBookmark(held: Held, bookmark: Bookmark | undefined): void {
  if (bookmark === undefined) return;
  held.bookmark = bookmark;
  held.covered = held.rows.length;
}

/** Yields all held rows, in two batches when there are rows after the bookmark. */
function* close(held: Held, makeHeader: MakeHeader): Generator<BatchedPages> {
  const { rows, bookmark, covered } = held;
  held.rows = [];
  held.bytes = 0;
  held.bookmark = undefined;
  held.covered = 0;
  // A run that resumes from the bookmark reads the rows after it again, so they must not be emitted before it.
  if (bookmark !== undefined && covered < rows.length) {
    yield { batch: batchOf(rows.slice(0, covered), makeHeader), bookmark };
    yield { batch: batchOf(rows.slice(covered), makeHeader), bookmark: undefined };
  } else yield { batch: batchOf(rows, makeHeader), bookmark };
}

function batchOf(rows: readonly Row[], makeHeader: MakeHeader): Batch | undefined {
  return rows.length === 0 ? undefined : Batch.ofRows({ ...makeHeader(), exact: 'number' }, rows);
}

function batchOfColumns(
  { columns, count, reuse }: Extract<Page, { columns: readonly ColumnValues[] }>,
  makeHeader: MakeHeader,
): Batch | undefined {
  return count === 0 ? undefined : Batch.ofColumns({ ...makeHeader(), exact: 'number', reuse }, columns, count);
}

function* batchLines(page: Extract<Page, { lines: Uint8Array }>, makeHeader: MakeHeader): Generator<BatchedPages> {
  const whole = { ...makeHeader(), exact: page.exact ?? 'number' } as const;
  for (const { lines, count } of cutLines(page.lines, page.count)) {
    // Of a page in pieces nobody knows which of them is read last.
    const release = count === page.count ? page.release : undefined;
    yield { batch: Batch.ofLines({ ...whole, release }, lines, count), bookmark: undefined };
  }
  if (page.bookmark !== undefined) yield { batch: undefined, bookmark: page.bookmark };
}

function* cutLines(lines: Uint8Array, count: number): Generator<{ lines: Uint8Array; count: number }> {
  if (lines.length <= batchBytes) {
    if (count > 0) yield { lines, count };
    return;
  }
  let start = 0;
  while (start < lines.length) {
    const lineEnd =
      lines.length - start <= batchBytes ? lines.length - 1 : lines.lastIndexOf(newline, start + batchBytes - 1);
    // A single row that is larger than a batch goes alone.
    const end = 1 + (lineEnd >= start ? lineEnd : lines.indexOf(newline, start + batchBytes));
    const piece = lines.subarray(start, end);
    yield { lines: piece, count: countLines(piece) };
    start = end;
  }
}

function countLines(lines: Uint8Array): number {
  let count = 0;
  for (let at = lines.indexOf(newline); at !== -1; at = lines.indexOf(newline, at + 1)) count += 1;
  return count;
}
