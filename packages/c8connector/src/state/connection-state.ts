import { randomUUID } from 'node:crypto';
import { ConfigError } from '../interface/errors.ts';
import type { ConnectionState, OpenRun } from '../interface/progress.ts';
import type { State } from '../interface/state.ts';
import { isCopying } from '../replication/methods.ts';
import { readSingerState, singerState } from '../singer/state.ts';
import type { BeginRequest, Begun } from './state-store.ts';

/** The state of a connection that never ran. `now` is the time in milliseconds since 1970, from which numbers are counted: after the loss of a state they must not be below those that a target has seen. */
export function newConnectionState(now: number): ConnectionState {
  return { connection: randomUUID(), generation: now, lastVersion: 0, lastEpoch: 0, streams: {}, rest: {} };
}

/**
 * The state with which a run begins. `found` is the Singer state that it was made from, for a source that keeps its own state. Throws a ConfigError `state_unfinished` when a state that is to be
 * kept for another place was left by a run that did not end.
 */
export function beginRun(before: ConnectionState, request: BeginRequest, now: number, found?: State): Begun {
  const state = forSource(before, request.streams === undefined, found);
  const isElsewhere = state.place !== undefined && state.place !== request.place;
  const isMoved = isElsewhere && request.keepsState !== true;
  // The state that a target has stored for a source with its own state does not show which copy it belongs to.
  const isOwnAnew =
    request.streams === undefined && request.refresh !== undefined && state.run?.refreshed === undefined;
  const generation = isElsewhere || isOwnAnew ? Math.max(now, state.generation + 1) : state.generation;
  const { run: open, streams, rest } = isMoved ? { run: undefined, streams: {}, rest: {} } : state;
  const run: OpenRun = { id: open?.id ?? request.run, ...refreshedBy(open?.refreshed, request.refresh) };
  const kept = forgotten({ streams, rest }, request, open?.refreshed);
  if (isElsewhere && !isMoved) refuseUnfinished(open, kept.streams);
  return {
    state: { ...state, ...kept, generation, place: request.place, run },
    run: run.id,
    isResumed: open !== undefined,
    isMoved,
  };
}

/** For a source that keeps its own state, all of it is in `rest`; for any other, what can be resumed is in `streams`. */
function forSource(state: ConnectionState, keepsOwn: boolean, found: State | undefined): ConnectionState {
  const { hasOwnState, ...shared } = state;
  if (keepsOwn === (hasOwnState === true)) return state;
  if (!keepsOwn) {
    const { streams, rest } = readSingerState(state.rest, state.run?.id ?? '');
    return { ...shared, streams, rest };
  }
  const isNew = Object.keys(state.streams).length === 0;
  return { ...shared, streams: {}, rest: found ?? (isNew ? state.rest : singerState(state)), hasOwnState: true };
}

/**
 * Refuses to keep an unfinished state for another place of the target. A target that commits rows and state together may hold rows that the store does not know of, and does not report them in
 * a new generation, so they could be written twice.
 */
function refuseUnfinished(open: OpenRun | undefined, streams: ConnectionState['streams']): void {
  const copying = Object.entries(streams).flatMap(([stream, progress]) => (isCopying(progress) ? [stream] : []));
  if (open === undefined && copying.length === 0) return;
  const why = open === undefined ? `${namesOf(copying)} copied in part` : 'the last run was interrupted';
  const message = `the state cannot be kept for another place of the target: ${why}, and rows that the state does not know of could be written twice`;
  throw new ConfigError(message, { code: 'state_unfinished', details: { streams: copying } });
}

function namesOf([first = '', ...others]: readonly string[]): string {
  return others.length === 0 ? `the stream '${first}' is` : `'${first}' and ${others.length} other streams are`;
}

type Streams = OpenRun['refreshed'];

/** The state without the streams that left the connection, and without those that are to start over and have not yet done so in this run. */
function forgotten(
  { streams, rest }: Pick<ConnectionState, 'streams' | 'rest'>,
  request: BeginRequest,
  done: Streams,
): Pick<ConnectionState, 'streams' | 'rest'> {
  const selected = request.streams === undefined ? undefined : new Set(request.streams);
  const isAnew = (stream: string): boolean => isAmong(request.refresh, stream) && !isAmong(done, stream);
  const kept = Object.entries(streams).filter(([stream]) => selected?.has(stream) !== false && !isAnew(stream));
  if (request.refresh === true && done !== true) return { streams: Object.fromEntries(kept), rest: {} };
  return { streams: Object.fromEntries(kept), rest: withoutBookmarks(rest, isAnew) };
}

function refreshedBy(done: Streams, asked: Streams): Pick<OpenRun, 'refreshed'> {
  if (done === true || asked === true) return { refreshed: true };
  const both = [...(done ?? []), ...(asked ?? [])];
  return both.length === 0 ? {} : { refreshed: [...new Set(both)] };
}

function isAmong(streams: Streams, stream: string): boolean {
  return streams === true || streams?.includes(stream) === true;
}

function withoutBookmarks(state: State, isForgotten: (stream: string) => boolean): State {
  if (state.bookmarks === undefined) return state;
  const kept = Object.entries(state.bookmarks).filter(([stream]) => !isForgotten(stream));
  return { ...state, bookmarks: Object.fromEntries(kept) };
}
