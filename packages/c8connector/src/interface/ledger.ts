import type { State } from './state.ts';

/** One row that a target has durably dealt with. */
export interface LedgerEntry {
  readonly stream: string;
  /** The stream's key as JSON, or the hash and ordinal of the row where there is no key. */
  readonly row: string;
}

/** The delivery log of the open run: what its target has done, durable across a kill. Removed when the run succeeds. */
export interface Ledger {
  has(entry: LedgerEntry): boolean;
  /** Resolves when the entry is durable. */
  add(entry: LedgerEntry): Promise<void>;
  /**
   * To be called before a FLUSH's state is yielded. Resolves with true when a run that resumes from this state does not see the rows before it again; rows without a key are then
   * counted again.
   */
  markBoundary(state: State | undefined): Promise<boolean>;
}

/** A row that is rejected while the run goes on. */
export interface Rejection {
  readonly stream: string;
  /** As in {@link LedgerEntry}. */
  readonly row: string;
  readonly code: string;
  /** The reason, for people. */
  readonly message: string;
}
