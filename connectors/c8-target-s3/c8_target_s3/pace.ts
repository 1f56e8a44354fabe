import { type Wait, wait } from './wait.ts';

/** The rate of all requests to a bucket. When the server throttles one of them, all slow down. */
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
/** When a server is overloaded, it refuses many requests at once. Refusals within this many milliseconds count as one. */
const oneRefusal = 500;

/** Begins without a limit. Each refusal doubles the interval, and each success shortens it by a tenth. */
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
