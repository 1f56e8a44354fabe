import type { Bookmark, Page } from 'c8connector';
import { copyLost } from './errors.ts';

/** How the rows of a read are sorted. */
export interface SortedRead {
  /** What their order depends on, such as the types and collations of the key: it stands in each bookmark as `order`. */
  readonly order: string;
  /** Whether they are read by a replication key. */
  readonly isIncrement: boolean;
}

/** The bookmark from which a read may resume. An increment begins anew, at its last replication key, if its rows are sorted in another way now. */
export function resumable(bookmark: Bookmark | undefined, sorted: SortedRead): Bookmark | undefined {
  return sorted.isIncrement && isOtherOrder(bookmark, sorted) ? undefined : bookmark;
}

/**
 * Refuses to resume a copy whose rows are sorted in another way now: some that were not copied yet would be before the position, and be missing in silence. `stream` is for the error.
 *
 * @throws {DataError} `copy_lost`.
 */
export function refuseOtherOrder(stream: string, bookmark: Bookmark | undefined, sorted: SortedRead): void {
  if (isOtherOrder(bookmark, sorted)) throw copyLost(stream, 'its key has another type or collation now');
}

function isOtherOrder(bookmark: Bookmark | undefined, { order }: SortedRead): boolean {
  return bookmark?.order !== undefined && bookmark.order !== order;
}

/** The pages of a read, whose bookmarks say how their rows are sorted. */
export async function* withOrder(pages: AsyncIterable<Page>, { order }: SortedRead): AsyncGenerator<Page> {
  for await (const page of pages)
    yield page.bookmark === undefined ? page : { ...page, bookmark: { ...page.bookmark, order } };
}
