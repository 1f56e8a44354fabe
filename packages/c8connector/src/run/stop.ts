import { setMaxListeners } from 'node:events';

/** The two stages in which a run stops: graceful, then forced. */
export interface Stop {
  /** The first stage: the source ends, and a last FLUSH follows. */
  readonly graceful: AbortSignal;
  /** The second stage, after the grace period: the target gives up. */
  readonly forced: AbortSignal;
}

/** Time from the first stage to the second. */
export const graceMilliseconds = 10_000;

/** A stop that a program requests. The first request is the graceful stage and starts the grace; the second one is the forced stage. */
export function createStop(): Stop & { request(): void } {
  const graceful = new AbortController();
  const forced = new AbortController();
  // A call for each stream of a target may listen to one of them.
  setMaxListeners(0, graceful.signal, forced.signal);
  return {
    graceful: graceful.signal,
    forced: forced.signal,
    request() {
      if (graceful.signal.aborted) {
        forced.abort();
        return;
      }
      graceful.abort();
      setTimeout(() => forced.abort(), graceMilliseconds).unref();
    },
  };
}

/** A stop that is never requested. */
export function neverStop(): Stop {
  return { graceful: new AbortController().signal, forced: new AbortController().signal };
}
