import type { Patch, Progress, RangeProgress, Unit } from '../interface/progress.ts';
import { type Begun, type Reached, type Start, unitId } from './method.ts';

type RangePatch = Extract<Patch, { kind: 'range' }>;

/** The units of a copy: its open ranges, or the seal once there are none. */
export function copyUnits(stream: string, ranges: readonly RangeProgress[]): readonly Unit[] {
  const open = ranges.flatMap(({ isDone }, range): Unit[] =>
    isDone === true ? [] : [{ id: unitId(stream, `copy/${range}`), kind: 'copy', streams: [stream], range }],
  );
  return open.length > 0 ? open : [{ id: unitId(stream, 'seal'), kind: 'seal', streams: [stream] }];
}

/** What a copy begins with: its ranges, and the session that they belong to. */
export function beginCopy({ parts, session }: Pick<Begun, 'parts' | 'session'>): Pick<Copying, 'ranges' | 'session'> {
  return { ...(session === undefined ? {} : { session }), ranges: parts.map(({ from, to }) => ({ from, to })) };
}

/** Where the unit of a range continues. */
export function copyStart({ ranges, session }: Pick<Copying, 'ranges' | 'session'>, { range: index = 0 }: Unit): Start {
  const range = ranges[index];
  if (range === undefined) return {};
  return {
    range,
    ...(session === undefined ? {} : { session }),
    ...(range.position === undefined ? {} : { bookmark: range.position }),
  };
}

/** The patch of a range once a page of it is durable. */
export function copyPage({ copy }: Pick<Progress, 'copy'>, { range = 0 }: Unit, { position }: Reached): RangePatch {
  return { kind: 'range', copy, range, ...(position === undefined ? {} : { position }) };
}

/** The patch of a range once all of it is durable. */
export function copyEnd({ copy }: Pick<Progress, 'copy'>, { range = 0 }: Unit): RangePatch {
  return { kind: 'range', copy, range, isDone: true };
}

/** A stream that is being copied. */
interface Copying {
  readonly copy: number;
  readonly ranges: readonly RangeProgress[];
  readonly session?: string;
}

/** The ranges of a copy after a patch from one unit; undefined when the patch is for another copy, or for a range that is done or unknown. */
export function mergeRange(
  progress: Copying,
  { copy, range: index, position, isDone }: RangePatch,
): readonly RangeProgress[] | undefined {
  const range = progress.ranges[index];
  if (range === undefined || copy !== progress.copy || (range.isDone === true && isDone !== true)) return undefined;
  const { from, to } = range;
  if (isDone === true) return progress.ranges.with(index, { from, to, isDone });
  return progress.ranges.with(index, position === undefined ? { from, to } : { from, to, position });
}

/** Whether a seal belongs to this copy and the copy is complete. */
export function isSealOf(progress: Copying, sealed: Progress): boolean {
  return sealed.copy === progress.copy && progress.ranges.every(({ isDone }) => isDone === true);
}
