import type { Database } from './database.ts';
import type { Effects } from './effects.ts';
import type { Random } from './random.ts';

/** How a source follows the log. */
export interface LogOptions {
  /** Changes that are asked for at once, at most. */
  readonly pageChanges: number;
  /** Behind which of them it says how far the log is read; at the end of the log it always does. */
  readonly positions: 'all' | 'some' | 'commits';
  /** Milliseconds between two confirmations, at most. */
  readonly confirmMilliseconds: number;
  /** Whether a reader throws out the one that has the slot; else it is refused. */
  readonly takesOver: boolean;
}

export interface LogSourceOptions {
  readonly database: Database;
  readonly effects: Effects;
  readonly random: Random;
  readonly log: LogOptions;
  /** Called when the server is about to hear that it can forget what stands up to a position. */
  onConfirmed(lsn: number): Promise<void>;
  /** Called when the log cannot be read from where streams are, since the server has forgotten it. */
  onLost(streams: readonly string[]): void;
}
