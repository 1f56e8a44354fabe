import { type C8Error, isC8Error } from 'c8connector';
import { type Wait, wait } from './wait.ts';

/** How often a request is attempted, and how long to wait in between. */
export interface RetrySettings {
  /** All attempts, including the first one. */
  readonly attempts: number;
  /** The longest wait, in milliseconds. */
  readonly longestDelay: number;
}

/**
 * Makes attempts until one succeeds, or until as many have failed as `limitOf` allows for the last error, which is then thrown. Once the signal is aborted, it ends its wait, starts no
 * attempt and rejects with an AbortError. Errors that are not of this project are not retried.
 */
export async function withRetries<T>(
  attempt: () => Promise<T>,
  limitOf: (error: C8Error) => number,
  longestDelay: number,
  signal: AbortSignal,
  pause: Wait = wait,
): Promise<T> {
  for (let attempts = 1; ; attempts += 1) {
    signal.throwIfAborted();
    try {
      return await attempt();
    } catch (error) {
      if (!isC8Error(error) || attempts >= limitOf(error)) throw error;
      await pause(delayAfter(attempts, longestDelay, error.retryAfter), signal);
    }
  }
}

/**
 * Milliseconds to wait after this many attempts: about twice as long each time, with jitter, so that many writers do not retry together. Waits at least the seconds that the server asks for, but
 * never longer than the longest delay.
 */
export function delayAfter(
  attempts: number,
  longestDelay: number,
  retryAfter = 0,
  random: () => number = Math.random,
): number {
  // Limited before the jitter, since the longest waits need jitter most.
  const doubled = Math.min(longestDelay, 100 * 2 ** (attempts - 1)) * (0.5 + random() / 2);
  return Math.min(longestDelay, Math.max(doubled, retryAfter * 1_000));
}
