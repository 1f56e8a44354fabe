/** How often something may be called: this many calls at once, and this many a minute in the long run. */
export interface Rate {
  readonly burst: number;
  readonly perMinute: number;
}

/** The rate of histories and threads for apps that are distributed outside the Slack Marketplace. */
const restrictedRate: Rate = { burst: 1, perMinute: 1 };

/** A Retry-After of at least this many milliseconds means the restricted rate: the others start again within the minute. */
const restrictedFrom = 45_000;

/** The longest wait after one Retry-After, in milliseconds, whatever Slack requests. */
export const longestRetryAfter = 300_000;

/** The shortest wait: a 0, or a date that is past by the clock of this machine, must not use up all attempts at once. */
const shortestRetryAfter = 1000;

/** A date of HTTP, of which there are three forms: https://www.rfc-editor.org/rfc/rfc9110#section-5.6.7. `Date.parse` alone would accept any text with a number in it. */
const httpDate =
  /^(?:[A-Z][a-z]+, \d{2}[ -][A-Z][a-z]{2}[ -]\d{2,4} \d{2}:\d{2}:\d{2} GMT|[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4})$/;

/** Milliseconds of a Retry-After header, seconds or an HTTP date: at least a second, at most {@link longestRetryAfter}. Undefined when it cannot be read. */
export function retryAfterOf(header: string | null): number | undefined {
  const text = header?.trim() ?? '';
  if (text === '') return undefined;
  const wanted = millisecondsOf(text);
  return Number.isNaN(wanted)
    ? undefined
    : Math.min(longestRetryAfter, Math.max(shortestRetryAfter, Math.ceil(wanted)));
}

function millisecondsOf(text: string): number {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  if (!httpDate.test(text)) return Number.NaN;
  // The third form has no zone, and means UTC all the same.
  return Date.parse(text.endsWith('GMT') ? text : `${text} GMT`) - Date.now();
}

/** Resolves after this many milliseconds. Rejects with the reason of the signal as soon as it is aborted. */
export async function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
    const end = () => {
      signal.removeEventListener('abort', stop);
      resolve();
    };
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(end, milliseconds);
    signal.addEventListener('abort', stop, { once: true });
  });
}

/**
 * A bucket of calls, full at the start and refilled evenly. After a 429 no call may be taken before the moment that Slack named, and then one.
 */
export class Bucket {
  #rate: Rate;
  #left: number;
  /** Milliseconds since 1970 of the last refill; in the future during a wait that Slack requested. */
  #at: number;

  constructor(rate: Rate) {
    this.#rate = rate;
    this.#left = rate.burst;
    this.#at = Date.now();
  }

  get isRestricted(): boolean {
    return this.#rate === restrictedRate;
  }

  /** Whether it is in the state of a new one. */
  get isFull(): boolean {
    this.#refill();
    return !this.isRestricted && this.#left >= this.#rate.burst && this.#at <= Date.now();
  }

  /** Waits for a call to be free and takes it. Rejects with the reason of the signal once that is aborted. */
  async take(signal: AbortSignal): Promise<void> {
    for (;;) {
      this.#refill();
      const ahead = Math.max(0, this.#at - Date.now());
      // Sums of fractions may end slightly below the whole number.
      if (ahead === 0 && this.#left >= 1 - 1e-6) {
        this.#left = Math.max(0, this.#left - 1);
        return;
      }
      const missing = Math.max(0, 1 - this.#left) * (60_000 / this.#rate.perMinute);
      await wait(Math.ceil(ahead + missing), signal);
    }
  }

  /** Slack answered 429: no calls for this many milliseconds. */
  pause(milliseconds: number): void {
    this.#at = Math.max(this.#at, Date.now() + milliseconds);
    this.#left = 1;
  }

  /** Whether a 429 with that Retry-After means that the app has the restricted rate: what was called does not explain it. */
  isRestrictedBy(milliseconds: number): boolean {
    this.#refill();
    return milliseconds >= restrictedFrom && this.#left >= this.#rate.burst / 2;
  }

  /** From now on one call a minute. */
  restrict(): void {
    this.#rate = restrictedRate;
    this.#left = Math.min(1, this.#left);
  }

  #refill(): void {
    const now = Date.now();
    // After the clock was set back, calls must not wait for the old time.
    if (this.#at > now + longestRetryAfter) this.#at = now;
    if (now <= this.#at) return;
    this.#left = Math.min(this.#rate.burst, this.#left + ((now - this.#at) * this.#rate.perMinute) / 60_000);
    this.#at = now;
  }
}

/** The buckets of one connector object, by what Slack counts: token, method and, for posts, channel. */
export type Limits = Map<string, Bucket>;

/** No buckets yet. */
export function createLimits(): Limits {
  return new Map();
}

/** When there are more buckets than this, full ones are dropped. */
const mostBuckets = 1000;

/** The bucket of a key, made full when there is none. */
export function bucketOf(limits: Limits, key: string, rate: Rate): Bucket {
  const found = limits.get(key);
  if (found !== undefined) return found;
  if (limits.size >= mostBuckets) for (const [name, bucket] of limits) if (bucket.isFull) limits.delete(name);
  const made = new Bucket(rate);
  limits.set(key, made);
  return made;
}
