import { ConnectorError } from '../interface/errors.ts';
import type { Bookmark, State } from '../interface/state.ts';
import { bookmarkOf } from '../singer/state.ts';

/** What a FULL_TABLE bookmark holds beside what the source's own pages put in. */
interface CopyBookmark extends Bookmark {
  readonly last_replication_method: 'FULL_TABLE';
  /** Milliseconds at the start of the copy. */
  readonly version: number;
  /** Set at the end of the copy; removed when the next run begins. */
  readonly is_complete?: true;
}

const ownKeys = ['last_replication_method', 'version', 'is_complete'];

/** How a stream is copied in this run. */
export interface Copy {
  readonly version: number;
  /** No version of the stream was ever begun. */
  readonly isFirst: boolean;
  /** The source's own bookmark to go on from. */
  readonly position?: Bookmark;
}

/** Whether the state was left by a run that did not finish. */
export function isUnfinished(state: State): boolean {
  return typeof state.currently_syncing === 'string';
}

/** The state to begin a run with: a new run forgets which copies the last one completed, an unfinished one goes on. */
export function beginRun(state: State, streams: readonly string[]): State {
  if (isUnfinished(state) || state.bookmarks === undefined) return state;
  const begun = streams.flatMap((stream) => {
    const { is_complete: _, ...bookmark } = bookmarkOf(state, stream) ?? {};
    return Object.keys(bookmark).length === 0 ? [] : [[stream, bookmark] as const];
  });
  return { ...state, bookmarks: { ...state.bookmarks, ...Object.fromEntries(begun) } };
}

/** Whether the unfinished run has copied this stream already. */
export function isCopied(state: State, stream: string): boolean {
  return bookmarkOf(state, stream)?.is_complete === true;
}

/** Goes on from the position of an interrupted copy, or begins a new version when there is none. Versions rise whatever the clock does. */
export function beginCopy(bookmark: Bookmark | undefined, now: number): Copy {
  const last = bookmark?.version;
  const isFirst = typeof last !== 'number';
  const position = positionOf(bookmark);
  if (!isFirst && position !== undefined && bookmark?.last_replication_method === 'FULL_TABLE') {
    return { version: last, isFirst, position };
  }
  return { version: isFirst ? now : Math.max(now, last + 1), isFirst };
}

/** What the source itself put in a bookmark; undefined when it says nothing of a position. */
export function positionOf(bookmark: Bookmark | undefined): Bookmark | undefined {
  const own = Object.entries(bookmark ?? {}).filter(([key]) => !ownKeys.includes(key));
  return own.length === 0 ? undefined : Object.fromEntries(own);
}

/** The bookmark while a copy is under way: `position` is what its last page said. */
export function copyBookmark(stream: string, version: number, position: Bookmark | undefined): CopyBookmark {
  const taken = Object.keys(position ?? {}).find((key) => ownKeys.includes(key));
  if (taken !== undefined) {
    throw new ConnectorError(`stream '${stream}': a page's bookmark may not use the key '${taken}'`, {
      code: 'contract_broken',
    });
  }
  return { ...position, last_replication_method: 'FULL_TABLE', version };
}

export function completeBookmark(version: number): CopyBookmark {
  return { last_replication_method: 'FULL_TABLE', version, is_complete: true };
}
