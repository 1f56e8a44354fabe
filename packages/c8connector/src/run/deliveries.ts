import type { ConnectionState, Json, Unit } from '../interface/progress.ts';
import type { OpenStream } from '../interface/source-session.ts';
import { pagePatch, resumePoint, startOf } from '../replication/methods.ts';
import { resumePointOf } from '../state/resume-point.ts';
import { progressOf, streamUnits, tapUnit } from './plan.ts';

/** Where a unit keeps what its target has done for good, and where its read begins. */
export interface DeliveryPlace {
  /** One copy's: whoever goes on with it goes on with this. Of what is no copy, one run's. */
  readonly scope: string;
  readonly from: Json;
}

export function deliveryPlace(unit: Unit, state: ConnectionState, run: string): DeliveryPlace {
  const [stream = ''] = unit.streams;
  const progress = progressOf(state, stream);
  if (unit.kind === tapUnit || progress === undefined)
    return { scope: `${unit.id}@${run}`, from: resumePointOf(state.rest) };
  const { bookmark, value } = startOf(progress, unit);
  const reached = {
    ...(bookmark === undefined ? {} : { position: bookmark }),
    ...(value === undefined ? {} : { value }),
  };
  const from = resumePoint(pagePatch(progress, unit, reached));
  // A row that changed comes again in the next increment, under the same key.
  return { scope: `${unit.id}@${unit.kind === 'increment' ? run : progress.copy}`, from };
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
