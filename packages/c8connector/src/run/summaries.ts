import type { EventError } from './event-error.ts';

/** What was counted of a stream. */
export interface StreamCounts {
  /** Rows that the source gave. */
  readonly read: number;
  /** Rows that the target acknowledged. */
  readonly written: number;
  readonly rejected: number;
  /** Bytes of JSON lines. */
  readonly bytes: number;
}

/** What became of one stream in a run. */
export interface StreamSummary extends StreamCounts {
  readonly stream: string;
  readonly status: 'done' | 'failed' | 'stopped' | 'skipped';
  /** From its first row to its last one. */
  readonly durationMs: number;
}

/** What one unit did for one of its streams. */
export interface UnitStreamSummary extends StreamCounts {
  readonly stream: string;
  /** When it was first read, ISO 8601 in UTC; absent when the unit did not read it. */
  readonly startedAt?: string;
  /** 0 when the unit did not read it. */
  readonly durationMs: number;
}

/** Why a unit failed, and what that means for the others. */
export interface UnitFailure {
  readonly error: EventError;
  /** Those of the unit that failed; its others can be read by a unit without them. */
  readonly streams: readonly string[];
  /**
   * `streams`: these alone. `source` and `log`: the settings or the connection of the source, or of its log, without a stream to blame; when several units in a row fail with the same code and message,
   * the others will too. `all`: the target or the store, which every unit needs.
   */
  readonly concerns: 'streams' | 'source' | 'log' | 'all';
  /** The server has lost its log of these streams, and their user wants them to start over, or their copies cannot be completed: `forgetStreams` sees to that. */
  readonly isLost?: true;
}

/** What became of a unit: plain JSON. */
export interface UnitSummary {
  /** Its id. */
  readonly unit: string;
  /** `stopped`: the first stage of the stop ended it before it was complete. */
  readonly status: 'done' | 'stopped' | 'failed';
  /** With the status `failed` only. */
  readonly failure?: UnitFailure;
  readonly durationMs: number;
  /** In the order of the unit. */
  readonly streams: readonly UnitStreamSummary[];
}
