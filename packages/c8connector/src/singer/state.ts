import { ConfigError } from '../interface/errors.ts';
import type { ConnectionState, Progress } from '../interface/progress.ts';
import type { Bookmark, State } from '../interface/state.ts';
import { bookmarkFrom } from './bookmark.ts';
import { isJsonObject, parseDocument } from './document.ts';
import { progressFrom, saysNothing } from './read-bookmark.ts';

/** The content of a Singer state for the run that resumes from it. */
export interface ReadState {
  /** The streams that can be resumed, by id. */
  readonly streams: Readonly<Record<string, Progress>>;
  /** The rest of the state, which is kept unchanged. Its `bookmarks` were written by another tap and cannot be resumed from: such a stream starts over. */
  readonly rest: State;
  /** Whether the run that left the state did not end. */
  readonly isInterrupted: boolean;
}

/**
 * The state of a connection in Singer's own form, as other taps understand it: one bookmark per stream, which {@link readSingerState} reads back, and the rest that was kept unchanged.
 * `syncing` is the stream that is being read; when it is left out, the first stream by id that is being copied. A stream whose log is followed is never named as syncing, because
 * such a stream counts as half copied. The state can contain numbers beyond 2^53: `stringifyValue` writes them.
 */
export function singerState(
  { streams, rest, run }: Pick<ConnectionState, 'streams' | 'rest' | 'run'>,
  syncing?: string | null,
): State {
  const written = Object.entries(streams).map(
    ([stream, progress]) => [stream, bookmarkFrom(progress, run?.id)] as const,
  );
  const state = { currently_syncing: run === undefined ? null : unfinished(streams, syncing), ...rest };
  return written.length === 0 ? state : { ...state, bookmarks: { ...rest.bookmarks, ...Object.fromEntries(written) } };
}

function unfinished(streams: ConnectionState['streams'], syncing: string | null | undefined): string | null {
  const phaseOf = (stream: string): string | undefined => {
    const progress = Object.hasOwn(streams, stream) ? streams[stream] : undefined;
    return progress !== undefined && 'phase' in progress ? progress.phase : undefined;
  };
  if (typeof syncing === 'string' && phaseOf(syncing) !== 'following') return syncing;
  const copying = Object.keys(streams).filter((stream) => phaseOf(stream) === 'copying');
  return copying.sort()[0] ?? null;
}

/**
 * Reads a state of ours, of any version, or of another tap: those of PostgreSQL and MySQL, and of the Singer SDK. `run` is the id of the run that resumes from it: a stream
 * that an interrupted run has completed counts as copied by this one.
 *
 * A number that a double cannot hold is kept as its text in the progress. It is written as a number again in a log position, where every tap has a number, and as a replication key
 * whose progress has `isNumber`; anywhere else it stays a text. The rest of the state keeps its numbers as `parseValue` returns them.
 */
export function readSingerState(state: State, run: string): ReadState {
  const { bookmarks = {}, currently_syncing: syncing = null, ...other } = state;
  const isInterrupted = syncing !== null;
  const streams: [string, Progress][] = [];
  const kept: [string, Bookmark][] = [];
  for (const [stream, bookmark] of Object.entries(bookmarks)) {
    if (saysNothing(bookmark)) continue;
    const around = { run: isInterrupted ? run : undefined, isSyncing: stream === syncing };
    const progress = progressFrom(bookmark, around);
    if (progress === undefined) kept.push([stream, bookmark]);
    else streams.push([stream, progress]);
  }
  const rest = kept.length === 0 ? other : { ...other, bookmarks: Object.fromEntries(kept) };
  return { streams: Object.fromEntries(streams), rest, isInterrupted };
}

/** Reads the text of a state file; `file` is its name for the message of the ConfigError `state_unreadable`. `{}` is a first run's state. */
export function parseState(text: string, file: string): State {
  const refuse = (reason: string, cause?: unknown) =>
    new ConfigError(`The state file ${file} cannot be used: ${reason}.`, {
      code: 'state_unreadable',
      cause,
      details: { file },
    });
  const state = parseDocument(text, refuse);
  if (state.type === 'STATE' && isJsonObject(state.value))
    throw refuse("it is a whole STATE message; give its 'value' alone");
  const { bookmarks, currently_syncing: syncing } = state;
  if (bookmarks !== undefined && !isJsonObject(bookmarks)) throw refuse('its bookmarks are not an object');
  for (const [stream, bookmark] of Object.entries(bookmarks ?? {})) {
    if (!isJsonObject(bookmark)) throw refuse(`the bookmark of ${JSON.stringify(stream)} is not an object`);
  }
  if (syncing !== undefined && syncing !== null && typeof syncing !== 'string')
    throw refuse('its currently_syncing is not a text');
  return state;
}

/** The bookmark of a stream, undefined when the state has none. */
export function bookmarkOf(state: State | undefined, stream: string): Bookmark | undefined {
  return state?.bookmarks && Object.hasOwn(state.bookmarks, stream) ? state.bookmarks[stream] : undefined;
}

/** A state that differs in the bookmark of one stream. */
export function withBookmark(state: State, stream: string, bookmark: Bookmark): State {
  return { ...state, bookmarks: { ...state.bookmarks, [stream]: bookmark } };
}
