import type { EventError } from './event-error.ts';

/** The counts of a stream. */
export interface StreamCounts {
  /** Rows that the source returned. */
  readonly read: number;
  /** Rows that the target acknowledged. */
  readonly written: number;
  readonly rejected: number;
  /** Bytes of JSON lines. */
  readonly bytes: number;
}

/** The result of one stream in a run. */
export interface StreamSummary extends StreamCounts {
  readonly stream: string;
  readonly status: 'done' | 'failed' | 'stopped' | 'skipped';
  /** Milliseconds from its first row to its last one. */
  readonly durationMs: number;
}

/** The result of one unit for one of its streams. */
export interface UnitStreamSummary extends StreamCounts {
  readonly stream: string;
  /** When the unit began to read it, ISO 8601 in UTC; absent when it did not. */
  readonly startedAt?: string;
  /** 0 when the unit did not read it. */
  readonly durationMs: number;
}

/** Why a unit failed, and what that means for the others. */
export interface UnitFailure {
  readonly error: EventError;
  /** The streams of the unit that failed; the others can be read by a unit without these. */
  readonly streams: readonly string[];
  /**
   * Which streams the failure concerns. `streams`: only those above. `source` and `log`: the settings or the connection of the source, or of its log, without naming a stream; when several units in a row fail
   * with the same code and message, so will the others. `all`: the target or the store, which every unit needs.
   */
  readonly concerns: 'streams' | 'source' | 'log' | 'all';
  /** The server has lost the log of these streams and the user chose to start them over in this case, or their copies cannot be completed: call `forgetStreams`. */
  readonly isLost?: true;
}

/** The result of a unit, as plain JSON. */
export interface UnitSummary {
  /** Its id. */
  readonly unit: string;
  /** `stopped`: a stop ended it before it was complete. */
  readonly status: 'done' | 'stopped' | 'failed';
  /** Only with the status `failed`. */
  readonly failure?: UnitFailure;
  readonly durationMs: number;
  /** In the order of the unit. */
  readonly streams: readonly UnitStreamSummary[];
}
