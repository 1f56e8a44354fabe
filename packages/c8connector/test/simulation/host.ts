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
}

export function newHost(number: number, skew: number): Host {
  return { number, skew, stop: createStop(), isDead: false, isPaused: false };
}
