import { setMaxListeners } from 'node:events';

/** The two stages in which a run stops. */
export interface Stop {
  /** First: the source ends, a last FLUSH follows. */
  readonly soft: AbortSignal;
  /** Second: the target gives up. Follows the first after the grace. */
  readonly hard: AbortSignal;
}

/** Time from the first stage to the second. */
export const graceMilliseconds = 10_000;

/** A stop that a program pulls: the first call is the first stage and starts the grace, the second call is the second stage. */
export function createStop(): Stop & { pull(): void } {
  const soft = new AbortController();
  const hard = new AbortController();
  // As many calls as a target has streams may wait for one of them.
  setMaxListeners(0, soft.signal, hard.signal);
  return {
    soft: soft.signal,
    hard: hard.signal,
    pull() {
      if (soft.signal.aborted) {
        hard.abort();
        return;
      }
      soft.abort();
      setTimeout(() => hard.abort(), graceMilliseconds).unref();
    },
  };
}

/** A run that nothing stops. */
export function neverStop(): Stop {
  return { soft: new AbortController().signal, hard: new AbortController().signal };
}
