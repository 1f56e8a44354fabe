import type { Rejection } from '../interface/ledger.ts';
import type { Lag } from '../interface/messages.ts';
import type { Json, Unit } from '../interface/progress.ts';
import type { ReplicationMethod } from '../interface/stream.ts';
import type { SchemaChange } from '../state/schema-change.ts';
import type { EventError } from './event-error.ts';
import type { StreamSummary } from './summaries.ts';

/** What every event of a run has. */
export interface EventHeader {
  /** Id of the run. A run that is resumed keeps its id, and its events are numbered from 1 again. */
  readonly run: string;
  /** ISO 8601 in UTC. */
  readonly at: string;
  /** Consecutive numbers from 1. */
  readonly sequence: number;
  /** Version of the event format. It rises when a member is removed or changes its meaning. A new type or member does not change it: ignore those that you do not know. */
  readonly version: 1;
}

/** What a run is about to do with a stream. */
export interface PlannedStream {
  readonly stream: string;
  readonly method: ReplicationMethod;
  /** Number of rows, estimated by the source; absent when it does not know. */
  readonly estimate?: number;
  /** `copy`: read from the beginning. `resume`: read from its progress on. `skip`: the interrupted run that is resumed has copied it already. */
  readonly action: 'copy' | 'resume' | 'skip';
}

/** A unit that can be worked on when the run begins; its result determines the next ones. */
export interface PlannedUnit {
  readonly unit: string;
  readonly kind: Unit['kind'];
  readonly streams: readonly string[];
}

/**
 * What is being done with a stream. `beginning`: it is started over. `copying`: rows of a copy are read and written. `sealing`: the complete copy replaces the one before. `reading`: new rows
 * are read. `following`: changes are read from the server's log. `done` and `failed`: nothing more happens in this run.
 */
export type StreamPhase = 'beginning' | 'copying' | 'sealing' | 'reading' | 'following' | 'done' | 'failed';

/** Phase and position of a stream: emitted when its phase changes and, at most once a second, when a position of it became durable. */
export interface StreamEvent {
  readonly type: 'stream';
  /** The unit that works on it, or was the last to do so. */
  readonly unit: string;
  readonly stream: string;
  readonly phase: StreamPhase;
  /** The durable position: the bookmark of a page, a value of the replication key, or a position in the log. Absent while there is none, and at the end of a copy. */
  readonly position?: Json;
  /** How far the source is behind the end of the log that it follows; absent when the source does not report it. */
  readonly lag?: Lag;
}

/** What happens in a run, as plain JSON without bigints. Progress bars, logs and summaries are made from these events alone. */
export type RunEvent = EventHeader &
  (
    | {
        readonly type: 'planned';
        /** Whether the run resumes an interrupted one. */
        readonly isResumed: boolean;
        readonly streams: readonly PlannedStream[];
        readonly units: readonly PlannedUnit[];
      }
    | StreamEvent
    /** What a unit has read of a stream so far; less than before when an attempt failed and rows are read again. */
    | {
        readonly type: 'progress';
        readonly unit: string;
        readonly stream: string;
        readonly rows: number;
        /** Size of the rows as JSON lines. */
        readonly bytes: number;
      }
    | {
        readonly type: 'state_saved';
        readonly unit: string;
        /** Rows of the unit that are durable so far, by stream; contains the streams whose number rose. */
        readonly written: Readonly<Record<string, number>>;
      }
    /** Columns that differ from the last run. */
    | ({ readonly type: 'schema_changed'; readonly unit: string; readonly stream: string } & SchemaChange)
    /** A row was rejected. */
    | ({ readonly type: 'rejected'; readonly unit: string } & Rejection)
    /** An attempt failed, and another one follows. */
    | {
        readonly type: 'retry';
        readonly unit: string;
        readonly streams: readonly string[];
        /** How many attempts in a row failed during which no state became durable. */
        readonly attempt: number;
        /** Milliseconds until the next one. */
        readonly delayMs: number;
        readonly error: EventError;
      }
    /** Streams of a unit failed. They are not tried again in this run, unless the server has lost their log and they start over. */
    | {
        readonly type: 'failed';
        readonly unit: string;
        readonly streams: readonly string[];
        readonly error: EventError;
      }
    /** The last event. */
    | {
        readonly type: 'finished';
        readonly status: 'done' | 'failed' | 'stopped';
        readonly durationMs: number;
        readonly streams: readonly StreamSummary[];
      }
  );

/** An event without its header, which {@link numberEvents} adds. */
export type EventBody = RunEvent extends infer E ? (E extends RunEvent ? Omit<E, keyof EventHeader> : never) : never;

/**
 * Adds the header to the events of one run, in the order in which they come; use one for all units of the run. The returned function adds the header, passes the event to `onEvent`, and returns it.
 */
export function numberEvents(run: string, onEvent: (event: RunEvent) => void): (body: EventBody) => RunEvent {
  let sequence = 0;
  return (body) => {
    sequence += 1;
    const event = { version: 1, run, sequence, at: new Date().toISOString(), ...body } as RunEvent;
    onEvent(event);
    return event;
  };
}
