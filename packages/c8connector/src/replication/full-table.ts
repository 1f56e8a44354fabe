import type { Progress } from '../interface/progress.ts';
import { beginCopy, copyEnd, copyPage, copyStart, copyUnits, isSealOf, mergeRange } from './copy.ts';
import type { Method } from './method.ts';

type FullTable = Extract<Progress, { method: 'FULL_TABLE' }>;

/** Copies the whole table: its ranges, then the seal, with which the copy replaces the one before. */
export const fullTable: Method<FullTable> = {
  needsBegin: (progress, _replication, run) => progress.phase === 'copied' && progress.run !== run,

  begin: (_replication, version, begun) => ({
    method: 'FULL_TABLE',
    phase: 'copying',
    copy: version,
    version,
    ...beginCopy(begun),
  }),

  units: (stream, progress) => (progress.phase === 'copied' ? [] : copyUnits(stream, progress.ranges)),

  start: (progress, unit) => (progress.phase === 'copying' ? copyStart(progress, unit) : {}),

  page: copyPage,

  end(progress, unit, _reached, run) {
    if (unit.kind === 'copy') return copyEnd(progress, unit);
    const { copy, version } = progress;
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
