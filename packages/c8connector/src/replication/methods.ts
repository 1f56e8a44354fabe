import { isDeepStrictEqual } from 'node:util';
import type { Json, Partition, Patch, Progress, Replication, Unit, UnitState } from '../interface/progress.ts';
import type { Bookmark } from '../interface/state.ts';
import type { ReplicationMethod } from '../interface/stream.ts';
import { fullTable } from './full-table.ts';
import { incremental } from './incremental.ts';
import { logBased } from './log-based.ts';
import { type Begun, type Method, type Reached, type Start, unitId } from './method.ts';

/** The methods that the runtime implements. */
const methods: { readonly [M in ReplicationMethod]: Method } = {
  FULL_TABLE: fullTable as unknown as Method,
  INCREMENTAL: incremental as unknown as Method,
  LOG_BASED: logBased as unknown as Method,
};

/** Whether the method uses a replication key. */
export function hasReplicationKey(method: ReplicationMethod): boolean {
  return method === 'INCREMENTAL';
}

/** Whether the changes of such a stream come from a log. */
export function hasLog(method: ReplicationMethod): boolean {
  return method === 'LOG_BASED';
}

function methodOf({ method }: { readonly method: ReplicationMethod }): Method {
  return methods[method];
}

/** Whether a stream must be started over before this run can read it: it was never read, it was read by another method or key, or it is to be copied again. */
function needsBegin(progress: Progress | undefined, replication: Replication, run: string): boolean {
  if (progress === undefined || progress.method !== replication.method) return true;
  return methodOf(progress).needsBegin(progress, replication, run);
}

/**
 * The progress of a stream that is started over with this version, to be copied in these parts or, without any, in one piece. `before` is its progress so far: that of another tap,
 * which has no version, can still say how far the stream was read.
 */
export function begin(
  replication: Replication,
  version: number,
  { parts = [], ...begun }: { readonly [K in keyof Begun]?: Begun[K] | undefined } = {},
): Progress {
  const pieces = parts.length === 0 ? [{ from: null, to: null }] : parts;
  return methodOf(replication).begin(replication, version, { ...begun, parts: pieces });
}

/** Whether a copy of the stream is under way. */
export function isCopying(progress: Progress): boolean {
  return 'ranges' in progress;
}

/** Whether the copy of a stream belongs to a session of its source. */
export function hasSession(progress: Progress): boolean {
  return 'session' in progress && progress.session !== undefined;
}

/** Whether a copy in one piece has no durable position to continue from. */
export function isUntouched(progress: Progress): boolean {
  if (!('ranges' in progress)) return false;
  const [only, ...others] = progress.ranges;
  return others.length === 0 && only?.position === undefined && only?.isDone !== true;
}

/** Whether a patch would change the progress of its stream; false for one that does not fit. */
export function changes(progress: Progress | undefined, patch: Patch): boolean {
  const next = mergePatch(progress, patch);
  return next !== undefined && !isDeepStrictEqual(next, progress);
}

/** The units of one stream that can be worked on now in this run. */
export function unitsOf(
  stream: string,
  progress: Progress | undefined,
  replication: Replication,
  run: string,
): readonly Unit[] {
  if (progress === undefined || needsBegin(progress, replication, run))
    return [{ id: unitId(stream, 'begin'), kind: 'begin', streams: [stream] }];
  return methodOf(progress).units(stream, progress);
}

/** Whether a stream that is read by this method can be copied in parts. */
export function hasRanges({ method }: Replication): boolean {
  return method !== 'INCREMENTAL';
}

/** Whether a range covers the whole stream. */
export function isWhole({ from, to }: Partition): boolean {
  return from === null && to === null;
}

/** Where a unit continues with a stream. */
export function startOf(progress: Progress, unit: Unit): Start {
  return methodOf(progress).start(progress, unit);
}

/** The patch of a stream once a page of the unit is durable. */
export function pagePatch(progress: Progress, unit: Unit, reached: Reached): Patch {
  return methodOf(progress).page(progress, unit, reached);
}

/** The patch of a stream once the whole unit is durable. */
export function endPatch(progress: Progress, unit: Unit, reached: Reached, run: string): Patch {
  return methodOf(progress).end(progress, unit, reached, run);
}

/** The progress after a patch; undefined when the patch does not fit it. */
export function mergePatch(progress: Progress | undefined, patch: Patch): Progress | undefined {
  return progress === undefined ? undefined : methodOf(progress).merge(progress, patch);
}

/** Whether a state is that of a unit, and not the Singer state of a source that keeps its own state. */
export function isUnitState(state: unknown): state is UnitState {
  const { patches } = (state ?? {}) as { readonly patches?: unknown };
  return typeof patches === 'object' && patches !== null && Object.values(patches).every(isPatch);
}

function isPatch(patch: unknown): boolean {
  if (typeof patch !== 'object' || patch === null || !('kind' in patch)) return false;
  if (patch.kind === 'range') return 'copy' in patch && 'range' in patch;
  const { progress } = patch as { readonly progress?: unknown };
  return typeof progress === 'object' && progress !== null && 'method' in progress;
}

/**
 * Whether losing this patch costs little: a small read, or one that was not complete, is repeated. Such a patch need not be durable at once. A patch with what a source
 * reported for its pages must be.
 */
export function canBeLost(patch: Patch): boolean {
  if (patch.kind === 'range') return patch.position === undefined;
  return patch.kind === 'seal' || (patch.kind === 'increment' && !('position' in patch.progress));
}

/** Whether this patch is the last one of a unit that copies. */
export function isEnd(patch: Patch): boolean {
  return patch.kind === 'seal' || (patch.kind === 'range' && patch.isDone === true);
}

/** Where a read of the unit continues, as one JSON value; null at its beginning. The same rows follow two states with equal resume points. */
export function resumePoint(patch: Patch): Json {
  if (patch.kind === 'range') return patch.isDone === true ? 'done' : ((patch.position ?? null) as Json);
  if (patch.kind === 'seal') return 'done';
  const { progress } = patch;
  if (progress.method === 'LOG_BASED') return progress.logPosition as Json;
  if (progress.method !== 'INCREMENTAL') return null;
  const { value = null, position = null } = progress;
  return value === null && position === null ? null : [value, position as Json];
}

/** The positions from which the log is followed, by stream: of all streams that follow it or will. */
export function logPositions(streams: Readonly<Record<string, Progress>>): Readonly<Record<string, Bookmark>> {
  return Object.fromEntries(
    Object.entries(streams).flatMap(([stream, progress]) =>
      progress.method === 'LOG_BASED' ? [[stream, progress.logPosition]] : [],
    ),
  );
}
