import { randomUUID } from 'node:crypto';
import type { ConnectionState, OpenRun, Progress } from '../interface/progress.ts';
import type { State } from '../interface/state.ts';
import { isUnitState, mergePatch } from '../replication/methods.ts';
import type { BeginRequest, Begun } from './state-store.ts';

/** The state of a connection that never ran. `now` is the clock in milliseconds: a state that was lost must not count from below what a target has seen. */
export function newConnectionState(now: number): ConnectionState {
  return { connection: randomUUID(), generation: now, lastVersion: 0, lastEpoch: 0, streams: {}, rest: {} };
}

/** The state with which a run begins. */
export function beginRun(state: ConnectionState, request: BeginRequest, now: number): Begun {
  const isElsewhere = state.place !== undefined && state.place !== request.place;
  const isMoved = isElsewhere && request.keepsState !== true;
  const generation = isElsewhere ? Math.max(now, state.generation + 1) : state.generation;
  const open = isMoved ? undefined : state.run;
  const before = isMoved ? {} : state.streams;
  const refresh = request.refresh;
  const done = open?.refreshed;
  const isForgotten = (stream: string): boolean =>
    request.streams?.includes(stream) === false || (isAmong(refresh, stream) && !isAmong(done, stream));
  const refreshed = union(done, refresh);
  const run: OpenRun = { id: open?.id ?? request.run, ...(refreshed === undefined ? {} : { refreshed }) };
  const isAllAnew = isMoved || (refresh === true && done !== true);
  const streams = Object.fromEntries(Object.entries(before).filter(([stream]) => !isForgotten(stream)));
  const rest = isAllAnew ? {} : withoutBookmarks(state.rest, (stream) => isAmong(refresh, stream));
  return {
    state: { ...state, generation, place: request.place, run, streams, rest },
    run: run.id,
    isResumed: open !== undefined,
    isMoved,
  };
}

type Streams = OpenRun['refreshed'];

function union(one: Streams, other: Streams): Streams {
  if (one === true || other === true) return true;
  return one === undefined && other === undefined ? undefined : [...new Set([...(one ?? []), ...(other ?? [])])];
}

function isAmong(streams: Streams, stream: string): boolean {
  return streams === true || streams?.includes(stream) === true;
}

function withoutBookmarks(state: State, isForgotten: (stream: string) => boolean): State {
  if (state.bookmarks === undefined) return state;
  const kept = Object.entries(state.bookmarks).filter(([stream]) => !isForgotten(stream));
  return { ...state, bookmarks: Object.fromEntries(kept) };
}

/** The state after a stream was begun anew, or forgotten. */
export function withProgress(state: ConnectionState, stream: string, progress: Progress | undefined): ConnectionState {
  const { [stream]: _, ...others } = state.streams;
  return {
    ...state,
    streams: progress === undefined ? others : { ...others, [stream]: progress },
    rest: withoutBookmarks(state.rest, (other) => other === stream),
  };
}

/** The state after what a unit said; undefined when a patch does not fit. With `isLenient` such a patch is left out instead. */
export function merged(
  state: ConnectionState,
  said: State,
  { isLenient = false }: { readonly isLenient?: boolean } = {},
): ConnectionState | undefined {
  // A source that keeps its own state says all of it each time.
  if (!isUnitState(said)) return { ...state, rest: said };
  const streams = { ...state.streams };
  for (const [stream, patch] of Object.entries(said.patches)) {
    const progress = mergePatch(Object.hasOwn(streams, stream) ? streams[stream] : undefined, patch);
    if (progress !== undefined) streams[stream] = progress;
    else if (!isLenient) return undefined;
  }
  return { ...state, streams };
}
