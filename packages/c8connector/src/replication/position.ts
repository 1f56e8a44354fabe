import type { Json, Patch } from '../interface/progress.ts';
import type { State } from '../interface/state.ts';
import { plainValue } from '../jsonl/plain-value.ts';
import { isUnitState } from './methods.ts';

/**
 * The position of a stream in a state: the bookmark of a page, a value of its replication key, or a position in the log; of a Singer state, its bookmark. Undefined when the state has none.
 */
export function positionOf(state: State, stream: string): Json | undefined {
  const byStream: Readonly<Record<string, unknown>> = isUnitState(state) ? state.patches : (state.bookmarks ?? {});
  if (!Object.hasOwn(byStream, stream)) return undefined;
  const said = isUnitState(state) ? positionOfPatch(byStream[stream] as Patch) : byStream[stream];
  return said === undefined ? undefined : plainValue(said);
}

function positionOfPatch(patch: Patch): unknown {
  if (patch.kind === 'range') return patch.position;
  const { progress } = patch;
  if ('logPosition' in progress) return progress.logPosition;
  if ('replicationKey' in progress) return progress.position ?? progress.value;
  return undefined;
}
