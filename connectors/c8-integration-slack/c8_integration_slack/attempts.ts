import type { Log } from 'c8connector';
import { type Attempt, type Failure, failureOf, outcomeUnknown } from './errors.ts';
import { type Bucket, bucketOf, type Limits, wait } from './limits.ts';
import { methodOf } from './methods.ts';

/** What a call is made with. */
export interface Calling {
  readonly limits: Limits;
  /** For whom Slack counts the calls; not the secret itself. */
  readonly owner: string;
  /** Whether to send again what Slack may have done already. */
  readonly retryAmbiguous: boolean;
  /** The most attempts of a failing call. */
  readonly mostAttempts: number;
  readonly signal: AbortSignal;
  readonly log: Log;
}

/** The most times that a call waits after a 429. */
const mostDelays = 10;

/**
 * Makes a call until it succeeds, within the rate of its method. It is repeated after a 429, when the time in the answer is over; when it was never sent; and,
 * if that does no harm or the config allows it, when it may have been done. `run` receives whether an earlier attempt may have been done. Throws errors of ours.
 */
export async function attempt<T>(
  calling: Calling,
  about: Attempt,
  run: (mayBeDone: boolean) => Promise<T>,
): Promise<T> {
  const { signal, mostAttempts } = calling;
  const { rate, isRepeatable } = methodOf(about.method);
  const counted = about.method === 'chat.postMessage' ? ` ${about.channel}` : '';
  const bucket = bucketOf(calling.limits, `${calling.owner} ${about.method}${counted}`, rate);
  let failures = 0;
  let delays = 0;
  let mayBeDone = false;
  for (;;) {
    await bucket.take(signal);
    try {
      return await run(mayBeDone);
    } catch (thrown) {
      signal.throwIfAborted();
      const failure = failureOf(thrown, about);
      mayBeDone ||= failure.mayBeDone;
      if (failure.retryAfter !== undefined) {
        delays += 1;
        if (delays > mostDelays) throw errorOf(failure, about, mayBeDone && !isRepeatable);
        putOff(bucket, failure.retryAfter, about, calling);
      } else {
        failures += 1;
        const isSafe = !mayBeDone || isRepeatable || calling.retryAmbiguous;
        if (!failure.isTransient || !isSafe || failures >= mostAttempts)
          throw errorOf(failure, about, mayBeDone && !isRepeatable);
        await wait(backoff(failures), signal);
      }
    }
  }
}

/** A refusal is reported unchanged, even when an earlier attempt may have been done, because it must be fixed. */
function errorOf(failure: Failure, about: Attempt, isUnknown: boolean): Error {
  return isUnknown && (failure.mayBeDone || failure.isTransient) ? outcomeUnknown(failure, about) : failure.error;
}

function putOff(bucket: Bucket, retryAfter: number, { method }: Attempt, { log }: Calling): void {
  if (methodOf(method).mayBeRestricted && bucket.isRestrictedBy(retryAfter)) bucket.restrict();
  bucket.pause(retryAfter);
  const seconds = Math.ceil(retryAfter / 1000);
  log.info(`Slack asks to wait ${seconds} s before the next ${method}.`, {
    method,
    seconds,
    isRestricted: bucket.isRestricted,
  });
}

/** Milliseconds: half a second, doubled each time, and spread so that several processes don't come back together. */
function backoff(failures: number): number {
  return 500 * 2 ** (failures - 1) * (0.75 + Math.random() / 2);
}
