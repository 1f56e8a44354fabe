import type { Json, Partition, Patch, Progress, RangeProgress, Replication, Unit } from '../interface/progress.ts';
import type { Bookmark } from '../interface/state.ts';

/** Where the read of a unit begins. */
export interface Start {
  /** The bookmark of the last durable page. */
  readonly bookmark?: Bookmark;
  /** The highest value of the replication key that was read. */
  readonly value?: Json;
  /** The range to copy. */
  readonly range?: RangeProgress;
  /** The session of the source that the range belongs to. */
  readonly session?: string;
}

/** How far a page of a unit is. */
export interface Reached {
  readonly position?: Bookmark;
  readonly value?: Json;
  /** Set when `value` is a number that is kept as its text. */
  readonly isNumber?: true;
}

/** What a stream is started over with. */
export interface Begun {
  /** The parts in which it is copied: at least one. */
  readonly parts: readonly Partition[];
  /** The session of the source that the parts belong to. */
  readonly session?: string | undefined;
  /** The position from which its log is to be followed. */
  readonly logPosition?: Bookmark | undefined;
  /** Its progress before. */
  readonly before?: Progress | undefined;
}

/** The rules of one replication method for the progress of a stream. These are pure functions on plain data, without any I/O. */
export interface Method<P extends Progress = Progress> {
  /** Whether the stream must be started over before this run can read it. */
  needsBegin(progress: P, replication: Replication, run: string): boolean;
  begin(replication: Replication, version: number, begun: Begun): P;
  /** The units that can be worked on now. They always include an increment: the planner knows which units it has run already. */
  units(stream: string, progress: P): readonly Unit[];
  /** Where a unit continues. */
  start(progress: P, unit: Unit): Start;
  /** The patch of the stream once a page of the unit is durable. */
  page(progress: P, unit: Unit, reached: Reached): Patch;
  /** The patch of the stream once the whole unit is durable. */
  end(progress: P, unit: Unit, reached: Reached, run: string): Patch;
  /** The progress after a patch; undefined when the patch does not fit. */
  merge(progress: P, patch: Patch): P | undefined;
}

/** The id of a unit of one stream. It is unique, whatever the names of streams are. */
export function unitId(stream: string, part: string): string {
  return `${encodeURIComponent(stream)}/${part}`;
}

/** The one unit of all streams that follow a log. */
export function logUnit(streams: readonly string[]): Unit {
  return { id: 'log', kind: 'log', streams };
}
