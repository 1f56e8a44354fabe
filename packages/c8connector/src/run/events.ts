import type { ErrorClass } from '../interface/error-codes.ts';
import { isC8Error } from '../interface/errors.ts';
import type { Rejection } from '../interface/ledger.ts';
import type { ReplicationMethod } from '../interface/stream.ts';
import type { SchemaChange } from '../state/schema-change.ts';

/** What every event of a run has. */
interface EventHeader {
  /** Id of the run. */
  readonly run: string;
  /** ISO 8601 in UTC. */
  readonly at: string;
}

/** What a run is about to do with a stream. */
export interface PlannedStream {
  readonly stream: string;
  readonly method: ReplicationMethod;
  /** Rows, estimated by the source; absent when it does not know. */
  readonly estimate?: number;
  /** `copy`: from its beginning. `resume`: from where it is. `skip`: the interrupted run, which goes on, has copied it already. */
  readonly action: 'copy' | 'resume' | 'skip';
}

/** An error as plain data, as the events of a run have it. */
export interface EventError {
  readonly name: ErrorClass;
  readonly code: string;
  readonly message: string;
  readonly remedy?: string;
  /** For programs: exit code that the error asks for. */
  readonly exitCode: number;
}

/** What became of one stream. */
export interface StreamSummary {
  readonly stream: string;
  readonly status: 'done' | 'failed' | 'stopped' | 'skipped';
  /** Rows that the source gave. */
  readonly read: number;
  /** Rows that the target acknowledged. */
  readonly written: number;
  readonly rejected: number;
  /** Bytes of JSON lines. */
  readonly bytes: number;
  readonly durationMs: number;
}

/** What happens in a run, as plain JSON. Bars, logs and summaries consume it and nothing else. */
export type RunEvent = EventHeader &
  (
    | { readonly type: 'planned'; readonly isResumed: boolean; readonly streams: readonly PlannedStream[] }
    | {
        readonly type: 'progress';
        readonly unit: string;
        readonly stream: string;
        readonly rows: number;
        readonly bytes: number;
        readonly estimate?: number;
      }
    | {
        readonly type: 'state_saved';
        readonly unit: string;
        /** Rows by stream that are durable so far. */
        readonly written: Readonly<Record<string, number>>;
      }
    /** Columns that are not what they were in the last run. */
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
    | {
        readonly type: 'failed';
        readonly unit: string;
        readonly streams: readonly string[];
        readonly error: EventError;
      }
    | {
        readonly type: 'finished';
        readonly status: 'done' | 'failed' | 'stopped';
        readonly durationMs: number;
        readonly streams: readonly StreamSummary[];
      }
  );

/** An event without what the run adds to it. */
export type EventBody = RunEvent extends infer E ? (E extends RunEvent ? Omit<E, 'run' | 'at'> : never) : never;

/** An error as plain data, in the form that the events of a run have. One that no connector translated is `unexpected`. */
export function eventError(error: unknown): EventError {
  if (isC8Error(error)) {
    const { name, code, message, remedy, exitCode } = error;
    return { name, code, message, exitCode, ...(remedy === undefined ? {} : { remedy }) };
  }
  return {
    name: 'ConnectorError',
    code: 'unexpected',
    message: error instanceof Error ? error.message : String(error),
    remedy: 'Run again with --log-level debug to see where it comes from.',
    exitCode: 1,
  };
}
