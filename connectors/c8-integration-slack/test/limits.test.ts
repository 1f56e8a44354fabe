import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Bucket, bucketOf, createLimits, longestRetryAfter, retryAfterOf } from '../c8_integration_slack/limits.ts';

beforeEach(() => void vi.useFakeTimers({ now: 1_700_000_000_000 }));
afterEach(() => void vi.useRealTimers());

const never = new AbortController().signal;
const tier3 = { burst: 50, perMinute: 50 };

/** Milliseconds from now at which each of this many calls goes. */
async function timesOf(bucket: Bucket, calls: number): Promise<number[]> {
  const startedAt = Date.now();
  const times: number[] = [];
  const taken = (async () => {
    for (let call = 0; call < calls; call++) {
      await bucket.take(never);
      times.push(Date.now() - startedAt);
    }
  })();
  await vi.runAllTimersAsync();
  await taken;
  return times;
}

describe('A bucket', () => {
  it('is full at the start, and refilled evenly', async () => {
    const times = await timesOf(new Bucket(tier3), 53);
    expect(times.slice(0, 50)).toEqual(Array(50).fill(0));
    expect(times.slice(50)).toEqual([1200, 2400, 3600]);
  });

  it('allows no more calls than at the start, however long it was idle', async () => {
    const bucket = new Bucket({ burst: 2, perMinute: 60 });
    await timesOf(bucket, 2);
    vi.advanceTimersByTime(3_600_000);
    expect(await timesOf(bucket, 3)).toEqual([0, 0, 1000]);
  });

  it('allows one call when the time of a 429 is over, and the others at the usual rate', async () => {
    const bucket = new Bucket(tier3);
    await timesOf(bucket, 5);
    bucket.pause(30_000);
    expect(await timesOf(bucket, 3)).toEqual([30_000, 31_200, 32_400]);
  });

  it('allows one call a minute once it is restricted', async () => {
    const bucket = new Bucket(tier3);
    await timesOf(bucket, 1);
    bucket.restrict();
    bucket.pause(60_000);
    expect(await timesOf(bucket, 3)).toEqual([60_000, 120_000, 180_000]);
  });

  it.each([
    ['a minute after few calls', 2, 60_000, true],
    ['a minute after as many calls as are allowed', 50, 60_000, false],
    ['a moment after few calls', 2, 10_000, false],
  ])('is restricted by a 429 of %s: %s', async (_, calls, wait, isRestricted) => {
    const bucket = new Bucket(tier3);
    await timesOf(bucket, calls);
    expect(bucket.isRestrictedBy(wait)).toBe(isRestricted);
  });

  it('does not wait for a clock that was set back', async () => {
    const bucket = new Bucket({ burst: 1, perMinute: 60 });
    await timesOf(bucket, 1);
    vi.setSystemTime(1_600_000_000_000);
    expect(await timesOf(bucket, 1)).toEqual([1000]);
  });

  it('is for one method and channel, and is removed when many are full again', async () => {
    const limits = createLimits();
    expect(bucketOf(limits, 'a', tier3)).toBe(bucketOf(limits, 'a', tier3));
    expect(bucketOf(limits, 'b', tier3)).not.toBe(bucketOf(limits, 'a', tier3));
    const used = bucketOf(limits, 'used', tier3);
    await used.take(never);
    for (let index = 0; index < 1000; index++) bucketOf(limits, `channel ${index}`, tier3);
    expect(limits.size).toBeLessThan(10);
    expect(bucketOf(limits, 'used', tier3)).toBe(used);
  });
});

describe('Retry-After', () => {
  it.each([
    ['0', 1000],
    ['30', 30_000],
    [' 1.5 ', 1500],
    ['Tue, 14 Nov 2023 22:13:50 GMT', 30_000],
    ['Tue, 14 Nov 2023 22:13:00 GMT', 1000],
    ['Tuesday, 14-Nov-23 22:13:50 GMT', 30_000],
    ['Tue Nov 14 22:13:50 2023', 30_000],
    ['86400', longestRetryAfter],
    ['Wed, 15 Nov 2023 22:13:20 GMT', longestRetryAfter],
    ['9'.repeat(400), longestRetryAfter],
    ['-5', undefined],
    ['1e9', undefined],
    ['NaN', undefined],
    ['30 seconds', undefined],
    ['2023-11-14', undefined],
    ['soon', undefined],
    ['', undefined],
    [null, undefined],
  ])('%j is %j ms', (header, milliseconds) => {
    expect(retryAfterOf(header)).toBe(milliseconds);
  });
});
