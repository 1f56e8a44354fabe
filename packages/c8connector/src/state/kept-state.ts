import type { ConnectionState, OpenRun, Progress } from '../interface/progress.ts';
import type { Bookmark, State } from '../interface/state.ts';
import { isUnitState, mergePatch } from '../replication/methods.ts';

/** The state of a connection in a form that is changed in place: a change costs the same however many streams there are. */
export interface KeptState {
  readonly streams: Map<string, Progress>;
  /** Bookmarks of other taps that cannot be resumed from. */
  readonly carried: Map<string, Bookmark>;
  /** Everything else. */
  rest: Omit<ConnectionState, 'streams'>;
}

/** Converts a plain state. */
export function keptState({ streams, ...rest }: ConnectionState): KeptState {
  const { bookmarks = {}, ...other } = rest.rest;
  const kept = rest.hasOwnState === true ? rest : { ...rest, rest: other };
  const carried = rest.hasOwnState === true ? {} : bookmarks;
  return { streams: new Map(Object.entries(streams)), carried: new Map(Object.entries(carried)), rest: kept };
}

/** The state as plain data, which no later change reaches; with the progress of these streams only, or of all. */
export function plainState({ streams, carried, rest }: KeptState, only?: readonly string[]): ConnectionState {
  const named = only?.flatMap((stream): [string, Progress][] => {
    const progress = streams.get(stream);
    return progress === undefined ? [] : [[stream, progress]];
  });
  const whole = carried.size === 0 ? rest.rest : { ...rest.rest, bookmarks: Object.fromEntries(carried) };
  return { ...rest, rest: whole, streams: Object.fromEntries(named ?? streams) };
}

/** Replaces the progress of a stream that is started over, or forgets it. */
export function putProgress(state: KeptState, stream: string, progress: Progress | undefined): void {
  if (progress === undefined) state.streams.delete(stream);
  else state.streams.set(stream, progress);
  state.carried.delete(stream);
}

/** Ends the run that is under way. */
export function endRun(state: KeptState): OpenRun | undefined {
  const { run, ...rest } = state.rest;
  state.rest = rest;
  return run;
}

/**
 * Merges the state of a unit: all of it when every patch fits, otherwise nothing; with `isLenient`, the patches that fit. Returns how many streams changed, or undefined when nothing was merged
 * because a patch did not fit.
 */
export function mergeState(
  state: KeptState,
  said: State,
  { isLenient = false }: { readonly isLenient?: boolean } = {},
): number | undefined {
  if (!isUnitState(said)) {
    // A source that keeps its own state always reports all of it.
    Object.assign(state, keptState({ ...state.rest, streams: {}, rest: said, hasOwnState: true }));
    return 1;
  }
  const merged: [string, Progress][] = [];
  for (const [stream, patch] of Object.entries(said.patches)) {
    const progress = mergePatch(state.streams.get(stream), patch);
    if (progress !== undefined) merged.push([stream, progress]);
    else if (!isLenient) return undefined;
  }
  for (const [stream, progress] of merged) state.streams.set(stream, progress);
  return merged.length;
}
