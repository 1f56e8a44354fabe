/// <reference lib="esnext.disposable" preserve="true" />
import type { ConnectionState, Progress } from '../interface/progress.ts';
import type { State } from '../interface/state.ts';

/** What a run says when it begins. */
export interface BeginRequest {
  /** Id of the run, unless an interrupted one is resumed. */
  readonly run: string;
  /** A hash of where the target writes. */
  readonly place: string;
  /** All streams of the connection: what is known of others is forgotten. Left out for a source that keeps its own state. */
  readonly streams?: readonly string[];
  /** Streams to start over; `true` for all. */
  readonly refresh?: true | readonly string[] | undefined;
  /** Whether to go on although the target writes to another place, which holds what was written before: all of a run that came to its end. */
  readonly keepsState?: boolean | undefined;
}

/** How a run begins. */
export interface Begun {
  readonly state: ConnectionState;
  /** Id of the run: of an interrupted one when that is resumed. */
  readonly run: string;
  readonly isResumed: boolean;
  /** Whether the target writes elsewhere than the last time, so that all streams start over. */
  readonly isMoved: boolean;
}

/** What a unit begins with. */
export interface Claim {
  readonly state: ConnectionState;
  /** A fencing token: no claim of the connection ever had a higher one, in whatever run. */
  readonly epoch: number;
}

/**
 * Where a connection keeps its progress. All calls of one store see each other's changes. What a method did is durable once it resolves, unless it says
 * otherwise. Every method but `load`, `loadDurable`, `begin` and `finish` rejects with a ConnectorError `claim_lost` when the unit was claimed again, or the connection's
 * generation is another one.
 */
export interface StateStore extends AsyncDisposable {
  /** The state, with the progress of these streams only; of all when left out. A run asks after each unit, and for the stream that it works on. */
  load(streams?: readonly string[]): Promise<ConnectionState>;
  /** The same of all streams, once all that it says is durable: what a source may confirm to its server. */
  loadDurable(): Promise<ConnectionState>;
  /**
   * Begins a run, or goes on with an interrupted one. Another place makes a new generation, in which nothing was read yet; with `keepsState`, in which all was read that the state says. Rejects
   * with a ConfigError `state_unfinished`, and changes nothing, when a state is to be kept of a run that was interrupted or of a stream that is copied in part.
   */
  begin(request: BeginRequest): Promise<Begun>;
  /** Takes a unit for whoever began with this generation. Whoever had it has lost it. `streams` as in `load`. */
  claim(unit: string, generation: number, streams?: readonly string[]): Promise<Claim>;
  /** A version that is higher than all before it, in milliseconds since 1970 where the clock allows it. */
  version(unit: string, epoch: number): Promise<number>;
  /** Replaces the progress of a stream that is started over; undefined forgets it. */
  put(unit: string, epoch: number, stream: string, progress: Progress | undefined): Promise<void>;
  /**
   * Merges what the unit says of its streams, all or none, or keeps the Singer state of a source that keeps its own. A patch that does not fit is a lost
   * claim. An epoch that the state names is one that no later claim may have. What can be lost without harm, such as that a range is done, may become durable up to a second later: a run of many small streams does not write
   * the whole state for each.
   */
  commit(unit: string, epoch: number, state: State): Promise<void>;
  /** The same with what a target recovered: patches that do not fit are ignored. Resolves with the state after it, of the streams that were claimed. */
  adopt(unit: string, epoch: number, state: State): Promise<ConnectionState>;
  /** Ends the run, if it is still the one under way: the next one starts over. */
  finish(run: string): Promise<void>;
}
