import type { ConnectionState, Json, Patch, Unit } from '../interface/progress.ts';
import type { OpenStream } from '../interface/source-session.ts';
import { pagePatch, startOf } from '../replication/methods.ts';
import { resumePointOf } from '../state/resume-point.ts';
import { progressOf, streamUnits, tapUnit } from './plan.ts';

/** Where a unit records what its target has done durably, and where its read begins. */
export interface DeliveryPlace {
  /** The scope of the delivery log: of one copy, so that whoever resumes the copy also resumes this; of one run for units that do not copy. */
  readonly scope: string;
  readonly from: Json;
  /** Whether rows of one key recur, so that a recorded delivery counts only until the next resume point. */
  readonly isLog: boolean;
}

export function deliveryPlace(unit: Unit, state: ConnectionState, run: string): DeliveryPlace {
  const [stream = ''] = unit.streams;
  const progress = progressOf(state, stream);
  if (unit.kind === tapUnit || progress === undefined)
    return { scope: `${unit.id}@${run}`, from: resumePointOf(state.rest), isLog: false };
  const from = resumePointOf({ patches: patchesOf(unit, state) });
  // The next increment contains a changed row again, under the same key.
  const isOfRun = unit.kind === 'increment' || unit.kind === 'log';
  return { scope: `${unit.id}@${isOfRun ? run : progress.copy}`, from, isLog: unit.kind === 'log' };
}

/** The patches of a unit before its first page. */
function patchesOf(unit: Unit, state: ConnectionState): Readonly<Record<string, Patch>> {
  const patches = unit.streams.flatMap((stream): [string, Patch][] => {
    const progress = progressOf(state, stream);
    if (progress === undefined) return [];
    const { bookmark, value } = startOf(progress, unit);
    const reached = {
      ...(bookmark === undefined ? {} : { position: bookmark }),
      ...(value === undefined ? {} : { value }),
    };
    return [[stream, pagePatch(progress, unit, reached)]];
  });
  return Object.fromEntries(patches);
}

/** The scopes that a resumed run may still need. */
export function openScopes(
  streams: readonly OpenStream[],
  state: ConnectionState,
  run: string | undefined,
): ReadonlySet<string> {
  const units = streams.flatMap((stream) => streamUnits(stream, state, run ?? ''));
  const own = run === undefined ? units.filter(({ kind }) => kind === 'copy') : units;
  const tap: Unit = { id: tapUnit, kind: tapUnit, streams: [] };
  return new Set(
    [...own, ...(run === undefined ? [] : [tap])].map((unit) => deliveryPlace(unit, state, run ?? '').scope),
  );
}
