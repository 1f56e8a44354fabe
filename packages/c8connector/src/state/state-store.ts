/// <reference lib="esnext.disposable" preserve="true" />
import type { Ledger } from '../interface/ledger.ts';
import type { State } from '../interface/state.ts';
import type { ColumnSummary } from './schema-change.ts';

/** What a unit begins with. */
export interface Claim {
  /** The bookmarks of the unit's streams only. */
  readonly state: State;
  /** A fencing token: rises with each claim of the unit, also across runs. */
  readonly epoch: number;
}

/** Where a connection keeps its one state. One run a connection has it at a time. */
export interface StateStore extends AsyncDisposable {
  /** The connection's whole state; {} when there is none yet. */
  load(): Promise<State>;
  /** Begins a run: replaces the whole state, and forgets the ledger of the one before. */
  begin(state: State): Promise<void>;
  /** Ends a run that left nothing undone. */
  finish(): Promise<void>;
  /** Keeps the columns of a stream as they are now, and gives those of the last time. */
  keepColumns(stream: string, columns: ColumnSummary): Promise<ColumnSummary | undefined>;
  /** What the open run has done for good in a unit that goes on from `state`. */
  ledger(streams: readonly string[], state: State): Promise<Ledger & AsyncDisposable>;
  claim(unit: string, streams: readonly string[]): Promise<Claim>;
  /**
   * Merges the unit's bookmarks into the connection's state. Bookmarks with a position are durable when it resolves. Those without, which only save copying a stream
   * again, may become so up to a second later: a run of many small streams does not write the whole state for each. Throws a ConnectorError when `epoch` is not the newest of
   * the unit.
   */
  commit(unit: string, epoch: number, state: State): Promise<void>;
}
