import { type Wait, wait } from './wait.ts';

/** How fast all requests of a bucket may follow each other. One that is told to slow down slows all of them. */
export interface Pace {
  /** Resolves when the next request may be sent. Rejects with an AbortError when the signal is aborted. */
  turn(signal: AbortSignal): Promise<void>;
  /** The server asks for fewer requests. */
  slowDown(): void;
  /** The server took a request. */
  speedUp(): void;
}

/** Milliseconds between two requests, once the server has asked for fewer. */
const smallest = 50;
const largest = 2_000;
/** Many requests are under way when a server has too much of them; their refusals are one. */
const oneRefusal = 500;

/** Begins without any limit; doubles the interval at each refusal, and shortens it by a tenth at each success. */
export function createPace(now: () => number = Date.now, pause: Wait = wait): Pace {
  let interval = 0;
  let nextAt = 0;
  let slowedAt = Number.NEGATIVE_INFINITY;
  return {
    async turn(signal) {
      if (interval === 0) return;
      const at = Math.max(now(), nextAt);
      nextAt = at + interval;
      const left = at - now();
      if (left > 0) await pause(left, signal);
    },
    slowDown() {
      if (now() - slowedAt < oneRefusal) return;
      slowedAt = now();
      interval = Math.min(largest, Math.max(smallest, interval * 2));
    },
    speedUp() {
      interval = interval < smallest / 10 ? 0 : interval * 0.9;
    },
  };
}
