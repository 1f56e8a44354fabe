import type { State } from '../singer/state.ts';

/** What a unit begins with. */
export interface Claim {
  /** The bookmarks of the unit's streams only. */
  readonly state: State;
  /** Rises with each claim of the unit: whoever holds an older one has lost it. */
  readonly epoch: number;
}

/** Where a connection keeps its one state. One run a connection has it at a time. */
export interface StateStore extends AsyncDisposable {
  /** The connection's whole state; {} when there is none yet. */
  load(): Promise<State>;
  /** Replaces the whole state: at the begin of a run, and at its end. */
  save(state: State): Promise<void>;
  claim(unit: string, streams: readonly string[]): Promise<Claim>;
  /** Merges the unit's bookmarks into the connection's state, durably. Throws a ConnectorError when `epoch` is not the newest of the unit. */
  commit(unit: string, epoch: number, state: State): Promise<void>;
}
