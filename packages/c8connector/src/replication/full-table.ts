import type { Patch, Progress, RangeProgress, Unit } from '../interface/progress.ts';
import { type Method, unitId } from './method.ts';

type FullTable = Extract<Progress, { method: 'FULL_TABLE' }>;

/** Copies the whole table: its ranges, then the seal, which alone lets the copy take the place of the one before. */
export const fullTable: Method<FullTable> = {
  needsBegin: (progress, _replication, run) => progress.phase === 'copied' && progress.run !== run,

  begin: (_replication, version, ranges) => ({
    method: 'FULL_TABLE',
    phase: 'copying',
    copy: version,
    version,
    ranges: ranges.map(({ from, to }) => ({ from, to })),
  }),

  units: (stream, progress) => (progress.phase === 'copied' ? [] : copyUnits(stream, progress.ranges)),

  start(progress, { range: index = 0 }) {
    const range = progress.phase === 'copying' ? progress.ranges[index] : undefined;
    if (range === undefined) return {};
    return range.position === undefined ? { range } : { range, bookmark: range.position };
  },

  page: ({ copy }, { range = 0 }, { position }) => ({
    kind: 'range',
    copy,
    range,
    ...(position === undefined ? {} : { position }),
  }),

  end({ copy, version }, { kind, range = 0 }, _reached, run) {
    if (kind === 'copy') return { kind: 'range', copy, range, isDone: true };
    return { kind: 'seal', progress: { method: 'FULL_TABLE', phase: 'copied', copy, version, run } };
  },

  merge(progress, patch) {
    if (progress.phase !== 'copying') return undefined;
    if (patch.kind === 'range') {
      const ranges = mergeRange(progress, patch);
      return ranges === undefined ? undefined : { ...progress, ranges };
    }
    if (patch.kind !== 'seal' || !isSealOf(progress, patch.progress)) return undefined;
    return patch.progress.method === 'FULL_TABLE' ? patch.progress : undefined;
  },
};

/** The units of a copy: its open ranges, or the seal once there are none. */
function copyUnits(stream: string, ranges: readonly RangeProgress[]): readonly Unit[] {
  const open = ranges.flatMap(({ isDone }, range): Unit[] =>
    isDone === true ? [] : [{ id: unitId(stream, `copy/${range}`), kind: 'copy', streams: [stream], range }],
  );
  return open.length > 0 ? open : [{ id: unitId(stream, 'seal'), kind: 'seal', streams: [stream] }];
}

interface Copying {
  readonly copy: number;
  readonly ranges: readonly RangeProgress[];
}

/** The ranges of a copy after what one unit says of its own; undefined when it speaks of another copy, or of a range that is done or unknown. */
function mergeRange(
  progress: Copying,
  { copy, range: index, position, isDone }: Extract<Patch, { kind: 'range' }>,
): readonly RangeProgress[] | undefined {
  const range = progress.ranges[index];
  if (range === undefined || copy !== progress.copy || (range.isDone === true && isDone !== true)) return undefined;
  const { from, to } = range;
  if (isDone === true) return progress.ranges.with(index, { from, to, isDone });
  return progress.ranges.with(index, position === undefined ? { from, to } : { from, to, position });
}

/** Whether a seal belongs to this copy, and comes when nothing of it is missing. */
function isSealOf(progress: Copying, sealed: Progress): boolean {
  return sealed.copy === progress.copy && progress.ranges.every(({ isDone }) => isDone === true);
}
