import { methods } from './methods.ts';
import { RateLimited } from './slack-error.ts';

export interface RateLimitOptions {
  /** `true` for the documented tier of each method; a record limits the methods that it names, in calls a minute. */
  readonly rateLimits?: boolean | Readonly<Record<string, number>>;
  /**
   * `false` for an app made since May 2025 that is sold outside the Marketplace: histories and threads once a minute, 15
   * messages a page, whatever `rateLimits` says.
   */
  readonly isMarketplaceApp?: boolean;
}

/** Takes one call from its bucket, or throws `RateLimited`; `owner` is what the method's calls are counted for. */
export type RateLimiter = (method: string, owner: string) => void;

interface Bucket {
  left: number;
  /** Milliseconds, of the last refill. */
  at: number;
}

/** Posts that a channel takes at once before it is held to one a second. */
const postBurst = 5;

/** A bucket for each method and owner, full at the start, refilled evenly. */
export function createRateLimiter(options: RateLimitOptions, clock: () => number): RateLimiter {
  const buckets = new Map<string, Bucket>();
  return (method, owner) => {
    const perMinute = limitOfMethod(options, method);
    if (perMinute === undefined) return;
    const size =
      (method === 'chat.postMessage' || method === 'webhook') && perMinute >= postBurst ? postBurst : perMinute;
    const key = `${method} ${owner}`;
    const now = clock();
    const bucket = buckets.get(key) ?? { left: size, at: now };
    buckets.set(key, bucket);
    const perMillisecond = perMinute / 60_000;
    bucket.left = Math.min(size, bucket.left + (now - bucket.at) * perMillisecond);
    bucket.at = now;
    // Sums of fractions end a hair below the whole number.
    if (bucket.left < 1 - 1e-6) throw new RateLimited(Math.ceil((1 - 1e-6 - bucket.left) / perMillisecond / 1000));
    bucket.left = Math.max(0, bucket.left - 1);
  };
}

function limitOfMethod(
  { rateLimits = false, isMarketplaceApp = true }: RateLimitOptions,
  method: string,
): number | undefined {
  if (!isMarketplaceApp && (method === 'conversations.history' || method === 'conversations.replies')) return 1;
  if (typeof rateLimits === 'object') return rateLimits[method];
  if (!rateLimits) return undefined;
  return method === 'webhook' ? 60 : methods[method]?.perMinute;
}
