/// <reference lib="esnext.disposable" preserve="true" />
import type { ConnectionState, Progress } from '../interface/progress.ts';
import type { State } from '../interface/state.ts';

/** What a run passes to the store when it begins. */
export interface BeginRequest {
  /** Id of the run, unless an interrupted one is resumed. */
  readonly run: string;
  /** A hash of where the target writes. */
  readonly place: string;
  /** All streams of the connection: the progress of others is forgotten. Left out for a source that keeps its own state. */
  readonly streams?: readonly string[];
  /** Streams to start over; `true` for all. */
  readonly refresh?: true | readonly string[] | undefined;
  /** Whether to keep the state although the target writes to another place, because that place holds everything that was written before. Only after a run that ended. */
  readonly keepsState?: boolean | undefined;
}

/** How a run begins. */
export interface Begun {
  readonly state: ConnectionState;
  /** Id of the run: of an interrupted one when that is resumed. */
  readonly run: string;
  readonly isResumed: boolean;
  /** Whether the target writes to another place than the last time, so that all streams start over. */
  readonly isMoved: boolean;
}

/** What a unit begins with. */
export interface Claim {
  readonly state: ConnectionState;
  /** A fencing token: no claim of the connection ever had a higher one, in whatever run. */
  readonly epoch: number;
}

/**
 * Where a connection keeps its progress. All calls of one store see each other's changes. The effect of a method is durable once it resolves, unless stated
 * otherwise. Every method except `load`, `loadDurable`, `begin` and `finish` rejects with a ConnectorError `claim_lost` when the unit was claimed again, or when the connection has
 * another generation.
 */
export interface StateStore extends AsyncDisposable {
  /** The state, with the progress of these streams only, or of all when left out. A run calls it after each unit, for the streams that it works on. */
  load(streams?: readonly string[]): Promise<ConnectionState>;
  /** The state of all streams, once all of it is durable: what a source may confirm to its server. */
  loadDurable(): Promise<ConnectionState>;
  /**
   * Begins a run, or resumes an interrupted one. When the place of the target has changed, a new generation begins, in which nothing was read yet; with `keepsState` it keeps the progress. Rejects
   * with a ConfigError `state_unfinished`, and changes nothing, when the state of an interrupted run, or of a stream that is only partly copied, is to be kept.
   */
  begin(request: BeginRequest): Promise<Begun>;
  /** Claims a unit for a run of this generation. An earlier claim of the unit is lost. `streams` as in `load`. */
  claim(unit: string, generation: number, streams?: readonly string[]): Promise<Claim>;
  /** A version that is higher than all before it, in milliseconds since 1970 where the clock allows it. */
  version(unit: string, epoch: number): Promise<number>;
  /** Replaces the progress of a stream that is started over; undefined forgets it. */
  put(unit: string, epoch: number, stream: string, progress: Progress | undefined): Promise<void>;
  /**
   * Merges the patches of a unit, all or none, or stores the Singer state of a source that keeps its own. A patch that does not fit means that the claim is lost. No later claim gets an epoch
   * that the state names. Changes that can be lost without harm, such as that a range is done, may become durable up to a second later, so that a run of many small streams does not write the whole state for each.
   */
  commit(unit: string, epoch: number, state: State): Promise<void>;
  /** Merges what a target recovered: patches that do not fit are ignored. Resolves with the new state of the claimed streams. */
  adopt(unit: string, epoch: number, state: State): Promise<ConnectionState>;
  /** Ends the run, if it is still the current one: the next run starts over. */
  finish(run: string): Promise<void>;
}
