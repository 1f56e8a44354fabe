import type { Progress } from '../interface/progress.ts';
import { beginCopy, copyEnd, copyPage, copyStart, copyUnits, isSealOf, mergeRange } from './copy.ts';
import { logUnit, type Method } from './method.ts';

type LogBased = Extract<Progress, { method: 'LOG_BASED' }>;

/** Copies the table, and then follows the log from its position before the copy began. All streams that follow share one unit. */
export const logBased: Method<LogBased> = {
  // Another tap's bookmark may have a position and no version.
  needsBegin: ({ version }) => version === 0,

  begin(_replication, version, { before, logPosition = {}, ...copy }) {
    const begun = { method: 'LOG_BASED', copy: version, version } as const;
    if (before?.method === 'LOG_BASED' && before.version === 0) return { ...before, ...begun };
    return { ...begun, phase: 'copying', logPosition, ...beginCopy(copy) };
  },

  units: (stream, progress) =>
    progress.phase === 'following' ? [logUnit([stream])] : copyUnits(stream, progress.ranges),

  start: (progress, unit) =>
    progress.phase === 'following' ? { bookmark: progress.logPosition } : copyStart(progress, unit),

  page(progress, unit, reached) {
    if (unit.kind !== 'log') return copyPage(progress, unit, reached);
    const { method, copy, version, logPosition } = progress;
    const position = reached.position ?? logPosition;
    return { kind: 'log', progress: { method, phase: 'following', copy, version, logPosition: position } };
  },

  end(progress, unit, reached) {
    if (unit.kind === 'copy') return copyEnd(progress, unit);
    if (unit.kind === 'log') return logBased.page(progress, unit, reached);
    const { method, copy, version, logPosition } = progress;
    return { kind: 'seal', progress: { method, phase: 'following', copy, version, logPosition } };
  },

  merge(progress, patch) {
    if (patch.kind === 'range') {
      const ranges = progress.phase === 'copying' ? mergeRange(progress, patch) : undefined;
      return ranges === undefined ? undefined : { ...progress, ranges };
    }
    const next = patch.progress;
    if (next.method !== 'LOG_BASED' || next.phase !== 'following' || next.copy !== progress.copy) return undefined;
    if (patch.kind === 'seal') return progress.phase === 'copying' && isSealOf(progress, next) ? next : undefined;
    return patch.kind === 'log' && progress.phase === 'following' ? next : undefined;
  },
};
