import { type C8Error, isC8Error } from 'c8connector';
import { type Wait, wait } from './wait.ts';

/** How often one request is repeated, and how long to wait in between. */
export interface RetrySettings {
  /** All attempts, the first one included. */
  readonly attempts: number;
  /** Milliseconds that no wait is longer than. */
  readonly longestDelay: number;
}

/**
 * Makes attempts until one succeeds, or as many failed as `limitOf` allows for the error of the last one, which is thrown then. Once the signal is aborted none is begun any
 * more and no wait goes on: it rejects with an AbortError. What is no error of this project is not tried again.
 */
export async function withRetries<T>(
  attempt: () => Promise<T>,
  limitOf: (error: C8Error) => number,
  longestDelay: number,
  signal: AbortSignal,
  pause: Wait = wait,
): Promise<T> {
  for (let made = 1; ; made += 1) {
    signal.throwIfAborted();
    try {
      return await attempt();
    } catch (error) {
      if (!isC8Error(error) || made >= limitOf(error)) throw error;
      await pause(delayAfter(made, longestDelay, error.retryAfter), signal);
    }
  }
}

/**
 * Milliseconds to wait after so many attempts: about twice as long each time, with jitter, so that many writers do not come back together. The seconds that the server asks
 * for count when they are more; nothing is longer than the longest delay.
 */
export function delayAfter(
  made: number,
  longestDelay: number,
  retryAfter = 0,
  random: () => number = Math.random,
): number {
  // The limit before the jitter: the longest waits need it most.
  const doubled = Math.min(longestDelay, 100 * 2 ** (made - 1)) * (0.5 + random() / 2);
  return Math.min(longestDelay, Math.max(doubled, retryAfter * 1_000));
}
