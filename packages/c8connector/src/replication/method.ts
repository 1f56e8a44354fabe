import type { Json, Partition, Patch, Progress, RangeProgress, Replication, Unit } from '../interface/progress.ts';
import type { Bookmark } from '../interface/state.ts';

/** Where the read of a unit begins. */
export interface Start {
  /** What the source's last durable page said. */
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
  /** `value` is a number that stands as its text. */
  readonly isNumber?: true;
}

/** What a stream is started over with. */
export interface Begun {
  /** In which parts it is copied: at least one. */
  readonly parts: readonly Partition[];
  /** The session of the source that the parts belong to. */
  readonly session?: string | undefined;
  /** Where its log is to be followed from. */
  readonly logPosition?: Bookmark | undefined;
  /** How far it was. */
  readonly before?: Progress | undefined;
}

/** What one replication method does with the progress of a stream. All of it is plain data, and nothing here reads or writes. */
export interface Method<P extends Progress = Progress> {
  /** Whether the stream must be started over before this run can read it. */
  needsBegin(progress: P, replication: Replication, run: string): boolean;
  begin(replication: Replication, version: number, begun: Begun): P;
  /** What can be worked on now. An increment is always among it: who plans knows which units had their turn. */
  units(stream: string, progress: P): readonly Unit[];
  /** Where a unit goes on. */
  start(progress: P, unit: Unit): Start;
  /** What is true of the stream once a page of the unit is durable. */
  page(progress: P, unit: Unit, reached: Reached): Patch;
  /** The same once all of the unit is. */
  end(progress: P, unit: Unit, reached: Reached, run: string): Patch;
  /** The progress after a patch; undefined when the patch does not fit. */
  merge(progress: P, patch: Patch): P | undefined;
}

/** The id of a unit of one stream. No stream's name can make it another's. */
export function unitId(stream: string, part: string): string {
  return `${encodeURIComponent(stream)}/${part}`;
}

/** The one unit of all streams that follow a log. */
export function logUnit(streams: readonly string[]): Unit {
  return { id: 'log', kind: 'log', streams };
}
