import { waitFor } from '../deadline.ts';
import { type C8Error, ConnectionError, isC8Error } from '../interface/errors.ts';
import { failureOf, SourceFailure } from './source-failure.ts';

/** Attempts in a row without any progress, after which a unit has failed. */
const mostAttempts = 5;
const firstDelay = 1000;
const longestDelay = 60_000;
/** The longest `retryAfter`, in seconds, that a run waits for. The windows of rate limits end within an hour. */
const longestRetryAfter = 3600;

/** A wait before the next attempt. */
export interface Retry {
  /** How many attempts in a row failed without progress; 0 when the last one got further before it failed. */
  readonly attempt: number;
  /** Milliseconds until the next one. */
  readonly delayMs: number;
  readonly error: unknown;
}

/**
 * Tries until an attempt succeeds: again after a retryable error, with exponential backoff and jitter, and not before its `retryAfter`. An attempt receives a function with which it
 * reports progress, which resets the count of failures. Rejects with the last error. When `retryAfter` is more than an hour, it rejects at once with a ConnectionError of the same code, since
 * an earlier call would be refused again. Resolves with undefined when the signal aborted during a wait.
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
      const { retryAfter = 0 } = error;
      if (retryAfter > longestRetryAfter) throw tooLongAWait(thrown, error, retryAfter);
      const delayMs = delayOf(failed, retryAfter);
      onRetry({ attempt: failed, delayMs, error });
      await waitFor(new Promise<never>(() => undefined), { milliseconds: delayMs, signal });
      if (signal.aborted) return undefined;
    }
  }
}

/** A random delay between half and all of the backoff, so that many callers that failed together do not retry together. */
function delayOf(failed: number, retryAfter: number): number {
  const backoff = Math.min(longestDelay, firstDelay * 2 ** Math.max(0, failed - 1));
  // NaN counts as 0.
  const asked = retryAfter > 0 ? retryAfter * 1000 : 0;
  return Math.round(Math.max(asked, backoff * (0.5 + Math.random() / 2)));
}

function tooLongAWait(thrown: unknown, error: C8Error, retryAfter: number): Error {
  const hours = Math.ceil(retryAfter / 3600);
  const why = `The other side asks to be called again in ${hours} hours, and a run waits for one hour at most`;
  const { code, details } = error;
  const remedy = 'Run again after that time.';
  const refused = new ConnectionError(`${why}: ${error.message}`, {
    code,
    remedy,
    details,
    isRetryable: true,
    retryAfter,
    cause: error,
  });
  return thrown instanceof SourceFailure ? new SourceFailure(refused) : refused;
}
