import type { StateMessage } from '../interface/messages.ts';
import type { Bookmark, State } from '../interface/state.ts';
import { statePace } from './state-pace.ts';

/** How far a read is. A state is a copy of all bookmarks, so one is made only where it is given. */
export interface ReadProgress {
  /** The bookmark of a stream as of now, undefined when it has none. */
  bookmarkOf(stream: string): Bookmark | undefined;
  /** Counts rows that were given. */
  addRows(count: number): void;
  /** Notes the bookmark of a stream, and the stream that an interrupted run begins with; null once nothing is left to read. */
  note(stream: string, bookmark: Bookmark, syncing: string | null): void;
  /** Notes that nothing is left to read. */
  end(): void;
  /** What was noted since the last state, as a state, if one is due. */
  due(): StateMessage | undefined;
  /** What was noted since the last state, as a state; undefined when nothing was. */
  rest(): StateMessage | undefined;
}

/** The progress of a read that begins with this state. With `isEager` a state is always due: for a reader that looks at each, or one that reads a single stream. */
export function readProgress(begun: State, { isEager }: { readonly isEager: boolean }): ReadProgress {
  const bookmarks = new Map(Object.entries(begun.bookmarks ?? {}));
  const pace = statePace();
  let syncing = begun.currently_syncing ?? null;
  let isNoted = false;

  const rest = (): StateMessage | undefined => {
    if (!isNoted) return undefined;
    isNoted = false;
    pace.restart();
    const value = { ...begun, bookmarks: Object.fromEntries(bookmarks), currently_syncing: syncing };
    return { type: 'STATE', value };
  };
  return {
    bookmarkOf: (stream) => bookmarks.get(stream),
    addRows: pace.add,
    note(stream, bookmark, next) {
      bookmarks.set(stream, bookmark);
      syncing = next;
      isNoted = true;
    },
    end() {
      if (syncing !== null) isNoted = true;
      syncing = null;
    },
    due: () => (isEager || pace.isDue() ? rest() : undefined),
    rest,
  };
}
