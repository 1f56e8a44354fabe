import { waitFor } from '../deadline.ts';
import { isC8Error } from '../interface/errors.ts';
import { failureOf } from './source-failure.ts';

/** Attempts in a row without any progress, after which a unit has failed. */
const mostAttempts = 5;
const firstDelay = 1000;
const longestDelay = 60_000;

/** A wait before the next attempt. */
export interface Retry {
  /** How many attempts in a row failed without progress; 0 when the last one got further before it failed. */
  readonly attempt: number;
  /** Milliseconds until the next one. */
  readonly delayMs: number;
  readonly error: unknown;
}

/**
 * Tries until an attempt succeeds: again after an error that says it is retryable, with exponential backoff and jitter, and not before its `retryAfter`. An attempt is told how to say that it
 * got further: the count begins anew then. Rejects with the last error; resolves with undefined when the signal aborted while it waited.
 */
export async function retrying<T>(
  attempt: (progressed: () => void) => Promise<T>,
  { signal, onRetry }: { readonly signal: AbortSignal; readonly onRetry: (retry: Retry) => void },
): Promise<T | undefined> {
  let failed = 0;
  for (;;) {
    let hasProgressed = false;
    try {
      return await attempt(() => {
        hasProgressed = true;
      });
    } catch (thrown) {
      failed = hasProgressed ? 0 : failed + 1;
      const error = failureOf(thrown);
      if (!isC8Error(error) || !error.isRetryable || failed >= mostAttempts || signal.aborted) throw thrown;
      const delayMs = delayOf(failed, error.retryAfter);
      onRetry({ attempt: failed, delayMs, error });
      await waitFor(new Promise<never>(() => undefined), { milliseconds: delayMs, signal });
      if (signal.aborted) return undefined;
    }
  }
}

/** Between half of it and all of it, so that many who failed together do not come back together. */
function delayOf(failed: number, retryAfter = 0): number {
  const backoff = Math.min(longestDelay, firstDelay * 2 ** Math.max(0, failed - 1));
  return Math.round(Math.max(retryAfter * 1000, backoff * (0.5 + Math.random() / 2)));
}
