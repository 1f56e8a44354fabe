import { createStop } from '../../src/index.ts';

/** One process that runs a connection. Once it is dead, nothing of it has an effect any more. */
export interface Host {
  readonly number: number;
  /** Milliseconds by which its clock is ahead. */
  readonly skew: number;
  readonly stop: ReturnType<typeof createStop>;
  isDead: boolean;
  /** A paused host does nothing until it wakes up, and nobody knows that it still lives. */
  isPaused: boolean;
  /** How many effects it has before it is stopped: a run that follows a log without end has no other one. */
  effectsLeft: number;
  /** How many it had since its run was over. */
  effectsBehindRun: number;
}

export function newHost(number: number, skew: number, effects = Number.POSITIVE_INFINITY): Host {
  return {
    number,
    skew,
    stop: createStop(),
    isDead: false,
    isPaused: false,
    effectsLeft: effects,
    effectsBehindRun: 0,
  };
}
