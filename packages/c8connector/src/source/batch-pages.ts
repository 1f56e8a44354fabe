import { timedIterator } from '../deadline.ts';
import type { Bookmark } from '../interface/state.ts';
import type { Row } from '../interface/value.ts';
import { Batch, type BatchFacts } from '../jsonl/batch.ts';
import { estimateSize } from '../jsonl/row-size.ts';
import type { Page } from './source-definition.ts';

/** Bytes of lines in a batch at most, unless a single row is larger. */
const batchBytes = 2_000_000;
/** A held batch is closed after this, also while the source is slow. */
const batchAge = 1000;
const newline = 0x0a;

/** Some rows that go out together, and the bookmark of the last page in them. */
export interface BatchedPages {
  readonly batch: Batch | undefined;
  readonly bookmark: Bookmark | undefined;
}

/**
 * Joins small pages to batches, unless each shall stay one, and cuts large ones. A bookmark comes with the last batch of its page, never before.
 */
export async function* batchPages(
  pages: AsyncIterable<Page> | Iterable<Page>,
  facts: () => Omit<BatchFacts, 'exact'>,
  isJoining = true,
): AsyncGenerator<BatchedPages> {
  const input = timedIterator(pages);
  let held: Row[] = [];
  let heldBytes = 0;
  let heldSince = 0;
  let bookmark: Bookmark | undefined;
  /** How many of the held rows the bookmark stands behind. */
  let covered = 0;

  function* close(): Generator<BatchedPages> {
    // A run that goes on from the bookmark sees the rows behind it again, so they must not come before it.
    if (bookmark !== undefined && covered < held.length) {
      yield { batch: batchOf(held.slice(0, covered)), bookmark };
      held = held.slice(covered);
      bookmark = undefined;
    }
    const closed = { batch: batchOf(held), bookmark };
    held = [];
    heldBytes = 0;
    bookmark = undefined;
    covered = 0;
    yield closed;
  }
  const batchOf = (rows: readonly Row[]): Batch | undefined =>
    rows.length === 0 ? undefined : Batch.ofRows({ ...facts(), exact: 'number' }, rows);

  try {
    for (;;) {
      const isHolding = held.length > 0 || bookmark !== undefined;
      const next = await input.next(isHolding ? { milliseconds: heldSince + batchAge - Date.now() } : {});
      if (next === undefined) {
        yield* close();
        continue;
      }
      if (next.done === true) break;
      const page = next.value;
      if (!isHolding) heldSince = Date.now();
      if ('lines' in page) {
        if (held.length > 0) yield* close();
        const whole = { ...facts(), exact: page.exact ?? 'number' } as const;
        for (const piece of cutLines(page.lines, page.count)) {
          yield { batch: Batch.ofLines(whole, piece.lines, piece.count), bookmark: undefined };
        }
        if (page.bookmark !== undefined) yield { batch: undefined, bookmark: page.bookmark };
        continue;
      }
      for (const row of page.rows) {
        const size = estimateSize(row);
        if (held.length > 0 && heldBytes + size > batchBytes) yield* close();
        held.push(row);
        heldBytes += size;
      }
      if (page.bookmark !== undefined) {
        bookmark = page.bookmark;
        covered = held.length;
      }
      if (!isJoining || Date.now() - heldSince >= batchAge) yield* close();
    }
    if (held.length > 0 || bookmark !== undefined) yield* close();
  } catch (error) {
    // What came before the failure is good, and its bookmark saves reading it again.
    if (held.length > 0 || bookmark !== undefined) yield* close();
    throw error;
  } finally {
    await input.return();
  }
}

function* cutLines(lines: Uint8Array, count: number): Generator<{ lines: Uint8Array; count: number }> {
  if (lines.length <= batchBytes) {
    if (count > 0) yield { lines, count };
    return;
  }
  let start = 0;
  while (start < lines.length) {
    const border =
      lines.length - start <= batchBytes ? lines.length - 1 : lines.lastIndexOf(newline, start + batchBytes - 1);
    // A single row that is larger than a batch goes alone.
    const end = 1 + (border >= start ? border : lines.indexOf(newline, start + batchBytes));
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
