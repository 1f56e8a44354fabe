import type { Bookmark } from '../../src/index.ts';

/** A position in the log: after a whole commit, or behind this many of its changes. */
export interface LogPosition {
  readonly lsn: number;
  readonly change?: number;
}

/** What a bookmark of the log says. */
export function positionOf(bookmark: Bookmark): LogPosition {
  const { lsn, change } = bookmark;
  return change === undefined ? { lsn: Number(lsn) } : { lsn: Number(lsn), change: Number(change) };
}

/** Below 0 when the first one comes before the other. */
export function comparePositions(one: LogPosition, other: LogPosition): number {
  if (one.lsn !== other.lsn) return one.lsn - other.lsn;
  if (one.change === other.change) return 0;
  return (one.change ?? Number.POSITIVE_INFINITY) < (other.change ?? Number.POSITIVE_INFINITY) ? -1 : 1;
}

/** Up to where the server can forget its log for a reader that is here: whole commits only. */
export function forgettable({ lsn, change }: LogPosition): number {
  return change === undefined ? lsn : lsn - 1;
}
