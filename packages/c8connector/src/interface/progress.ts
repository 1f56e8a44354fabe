import type { Bookmark, State } from './state.ts';
import type { ReplicationMethod } from './stream.ts';

/** A JSON value as `JSON.parse` gives it: no bigint, so that progress can be sent anywhere. A number that a double cannot hold stands as its text. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** How a stream is to be read. */
export interface Replication {
  readonly method: ReplicationMethod;
  /** The column by which new rows are found; only for INCREMENTAL. */
  readonly replicationKey?: string;
}

/** A part of a copy: from `from`, which is in it, to `to`, which is not; null is an open end. */
export interface Partition {
  readonly from: Json;
  readonly to: Json;
}

/** Parts of a copy that exist within one session of the source alone, such as a snapshot that one of its connections holds. The copy starts over when that is gone. */
export interface SessionPartitions {
  /** What the source needs to find the session. */
  readonly session: string;
  readonly partitions: readonly Partition[];
}

/** A part of a copy, with its progress. */
export interface RangeProgress extends Partition {
  /** Bookmark of the last durable page; absent while there is none. */
  readonly position?: Bookmark;
  readonly isDone?: true;
}

/** Common to all progress. */
interface Begun {
  /** The version at which the stream was last started over. It identifies the copy: patches for an older copy are ignored. */
  readonly copy: number;
  /** The version of the rows: the same as `copy`, until the table was truncated in the middle of a log. */
  readonly version: number;
}

/** Progress of one stream, as plain data; only the runtime changes it. */
export type Progress = Begun &
  (
    | {
        readonly method: 'FULL_TABLE';
        readonly phase: 'copying';
        /** One range when the source has no partitions. */
        readonly ranges: readonly RangeProgress[];
        /** Of a snapshot: the copy starts over when it is gone. */
        readonly session?: string;
      }
    /** The run that copied it skips it when it goes on; the next one copies it again. */
    | { readonly method: 'FULL_TABLE'; readonly phase: 'copied'; readonly run: string }
    | {
        readonly method: 'INCREMENTAL';
        readonly replicationKey: string;
        /** The highest key that was read, and that existed when the read began. */
        readonly value?: Json;
        /** `value` is a number that stands as its text; in Singer's state it is one again. */
        readonly isNumber?: true;
        /** Where an interrupted read goes on: the bookmark of the source's last page, with what that read began with. */
        readonly position?: Bookmark;
      }
    | {
        readonly method: 'LOG_BASED';
        readonly phase: 'copying';
        /** Where the log is followed from once the copy is done. */
        readonly logPosition: Bookmark;
        readonly ranges: readonly RangeProgress[];
        readonly session?: string;
      }
    | { readonly method: 'LOG_BASED'; readonly phase: 'following'; readonly logPosition: Bookmark }
  );

/** A change that a unit makes to the progress of one stream. One that does not fit the progress is ignored. */
export type Patch =
  /** Of one range, while the stream is being copied. */
  | {
      readonly kind: 'range';
      readonly copy: number;
      readonly range: number;
      readonly position?: Bookmark;
      readonly isDone?: true;
    }
  /** The copy is complete; only once all its ranges are done. */
  | { readonly kind: 'seal'; readonly progress: Progress }
  | { readonly kind: 'increment'; readonly progress: Progress }
  /** Position in the log; only while the stream follows it. */
  | { readonly kind: 'log'; readonly progress: Progress };

/** The state of a unit's FLUSHes, of what it commits and of what a target recovers: a patch for each of its streams. */
export interface UnitState extends State {
  readonly patches: Readonly<Record<string, Patch>>;
  /** Of an attempt that numbers its rows, once they reach beyond its own epoch: no `_sdc_sequence` was given that is not below this epoch. */
  readonly lastEpoch?: number;
}

/** Until when a log is followed: to where it ends when the read begins, without end, or for this many seconds. */
export type Until = 'now' | 'forever' | number;

/** A part of the work with its own read, write and epoch. */
export interface Unit {
  /** Unique within the connection, and the same in every run. */
  readonly id: string;
  /**
   * `begin` begins a stream again, and touches no target. `copy` copies one range. `seal` makes a whole copy count. `increment` reads what is new.
   * `log` follows the log for all its streams at once. `tap` reads all streams of a source that keeps its own state.
   */
  readonly kind: 'begin' | 'copy' | 'seal' | 'increment' | 'log' | 'tap';
  readonly streams: readonly string[];
  /** Of a `copy`: the index of its range. */
  readonly range?: number;
}

/** State of a connection between two runs, as plain data. */
export interface ConnectionState {
  /** A random id, made with the first state. */
  readonly connection: string;
  /** Rises when the target writes to another place, and ends all claims. */
  readonly generation: number;
  /** A hash of where the target writes; absent before the first run. */
  readonly place?: string;
  /** The highest version that was ever given. */
  readonly lastVersion: number;
  /** The highest epoch with which a unit was ever claimed. */
  readonly lastEpoch: number;
  /** The run that is resumed next. */
  readonly run?: OpenRun;
  readonly streams: Readonly<Record<string, Progress>>;
  /** Whatever else a Singer state held, carried along; the whole state of a source that keeps its own. */
  readonly rest: State;
  /** The source keeps its own state: `rest` is all of it, and `streams` is empty. */
  readonly hasOwnState?: true;
}

/** A run that has not ended. */
export interface OpenRun {
  readonly id: string;
  /** The streams that this run was asked to start over, and has: going on with it does not begin them once more. `true`: all. */
  readonly refreshed?: true | readonly string[];
}
