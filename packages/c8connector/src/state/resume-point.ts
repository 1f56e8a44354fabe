import type { Json } from '../interface/progress.ts';
import type { State } from '../interface/state.ts';
import { plainValue } from '../jsonl/plain-value.ts';
import { isUnitState, resumePoint } from '../replication/methods.ts';

/**
 * The point at which a run resumes from a state of a unit, as one JSON value: for one stream, or by stream when there are several. For a source that keeps its
 * own state it is the whole state. Null is the beginning.
 */
export function resumePointOf(state: State | undefined): Json {
  if (state === undefined) return null;
  if (!isUnitState(state)) return plainValue(state);
  const points = Object.entries(state.patches).map(([stream, patch]) => [stream, resumePoint(patch)] as const);
  if (points.every(([, point]) => point === null)) return null;
  return points.length === 1 ? (points[0]?.[1] ?? null) : Object.fromEntries(points);
}

/** A text that is the same for equal points, whatever the order of their keys and the representation of their numbers. */
export function pointText(point: Json): string {
  return JSON.stringify(sorted(plainValue(point)));
}

function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(members.map(([key, member]) => [key, sorted(member)]));
}
