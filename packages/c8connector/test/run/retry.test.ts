import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ConnectionError } from '../../src/index.ts';
import { type Retry, retrying } from '../../src/run/retry.ts';
import { failureOf, SourceFailure } from '../../src/run/source-failure.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const limited = (retryAfter: number) =>
  new ConnectionError('Too many calls.', {
    code: 'rate_limited',
    isRetryable: true,
    retryAfter,
    details: { stream: 'orders' },
  });

/** An attempt that fails once with this error, and what was reported to the caller, once no timer is left. */
async function failingOnce(error: Error) {
  const retries: Retry[] = [];
  let attempts = 0;
  const attempt = async (): Promise<string> => {
    attempts += 1;
    if (attempts === 1) throw error;
    return 'done';
  };
  const result = retrying(attempt, {
    signal: new AbortController().signal,
    onRetry: (retry) => retries.push(retry),
  }).catch((thrown: unknown) => ({ thrown }));
  const startedAt = Date.now();
  await vi.runAllTimersAsync();
  return { result: await result, retries, attempts, waited: (Date.now() - startedAt) / 1000 };
}

describe('the wait that an error requests', () => {
  test.each([30, 90, 3600])('of %i s is kept', async (retryAfter) => {
    const { result, retries, waited } = await failingOnce(limited(retryAfter));
    expect([result, waited]).toEqual(['done', retryAfter]);
    expect(retries).toMatchObject([{ attempt: 1, delayMs: retryAfter * 1000 }]);
  });

  test.each([Number.NaN, -5, 0])('of %d s is ignored, so the usual one applies', async (retryAfter) => {
    const { result, waited } = await failingOnce(limited(retryAfter));
    expect(result).toBe('done');
    expect(waited).toBeGreaterThanOrEqual(0.5);
    expect(waited).toBeLessThanOrEqual(1);
  });

  test.each([
    [3601, '2 hours'],
    [1e9, '277778 hours'],
  ])('of %d s is a failure at once, whose message has the reason', async (retryAfter, hours) => {
    const error = limited(retryAfter);
    const { result, retries, attempts, waited } = await failingOnce(error);
    expect([attempts, waited, retries]).toEqual([1, 0, []]);
    expect(result).toMatchObject({
      thrown: {
        name: 'ConnectionError',
        code: 'rate_limited',
        message: `The other side asks to be called again in ${hours}, and a run waits for one hour at most: Too many calls.`,
        details: { stream: 'orders' },
        retryAfter,
        cause: error,
      },
    });
  });

  test('that is too long is still a failure of the source when it was one', async () => {
    const { result } = await failingOnce(new SourceFailure(limited(1e9)));
    const { thrown } = result as { thrown: unknown };
    expect(thrown).toBeInstanceOf(SourceFailure);
    expect(failureOf(thrown)).toMatchObject({ name: 'ConnectionError', code: 'rate_limited' });
  });
});
