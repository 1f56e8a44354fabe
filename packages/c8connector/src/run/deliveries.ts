import type { ConnectionState, Json, Patch, Unit } from '../interface/progress.ts';
import type { OpenStream } from '../interface/source-session.ts';
import { pagePatch, startOf } from '../replication/methods.ts';
import { resumePointOf } from '../state/resume-point.ts';
import { progressOf, streamUnits, tapUnit } from './plan.ts';

/** Where a unit keeps what its target has done durably, and where its read begins. */
export interface DeliveryPlace {
  /** One copy's: whoever goes on with it goes on with this. Of what is not a copy, one run's. */
  readonly scope: string;
  readonly from: Json;
  /** Whether rows of one key come again and again, so that what was done counts up to the next resume point only. */
  readonly isLog: boolean;
}

export function deliveryPlace(unit: Unit, state: ConnectionState, run: string): DeliveryPlace {
  const [stream = ''] = unit.streams;
  const progress = progressOf(state, stream);
  if (unit.kind === tapUnit || progress === undefined)
    return { scope: `${unit.id}@${run}`, from: resumePointOf(state.rest), isLog: false };
  const from = resumePointOf({ patches: patchesOf(unit, state) });
  // A row that changed comes again in the next increment, under the same key.
  const isOfRun = unit.kind === 'increment' || unit.kind === 'log';
  return { scope: `${unit.id}@${isOfRun ? run : progress.copy}`, from, isLog: unit.kind === 'log' };
}

/** What a unit would say before its first page. */
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

/** The scopes that a run may still go on with. */
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
