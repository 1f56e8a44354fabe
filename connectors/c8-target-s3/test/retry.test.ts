import { ConnectionError } from 'c8connector';
import { describe, expect, it, vi } from 'vitest';
import { translateError } from '../c8_target_s3/errors.ts';
import { createPace } from '../c8_target_s3/pace.ts';
import { delayAfter, withRetries } from '../c8_target_s3/retry.ts';

const busy = new ConnectionError('busy', { code: 'server_busy', isRetryable: true });
const never = new AbortController().signal;

describe('The wait before a request is sent again', () => {
  it.each([
    [1, [50, 100]],
    [2, [100, 200]],
    [5, [800, 1_600]],
    [8, [6_400, 12_800]],
    [9, [10_000, 20_000]],
    [60, [10_000, 20_000]],
  ])('doubles, has jitter and a limit: after %i attempts it is within %j ms', (made, [least, most]) => {
    expect(delayAfter(made, 20_000, 0, () => 0)).toBe(least);
    expect(delayAfter(made, 20_000, 0, () => 1)).toBe(most);
  });

  it('is at least what the server requests, within the limit', () => {
    expect(delayAfter(1, 20_000, 3)).toBe(3_000);
    expect(delayAfter(1, 20_000, 300)).toBe(20_000);
    expect(delayAfter(8, 20_000, 1, () => 1)).toBe(12_800);
  });
});

describe('The Retry-After of S3, or of a server in front of it,', () => {
  const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1_000).toUTCString();

  it.each([
    ['seconds', () => '7', 7, 7],
    ['a date', () => inSeconds(7), 5, 7],
    ['a date that is over', () => inSeconds(-60), undefined, undefined],
    ['a word', () => 'soon', undefined, undefined],
    ['a negative number', () => '-7', undefined, undefined],
    ['nothing', () => '', undefined, undefined],
  ])('may be %s', (_, header, least, most) => {
    const $response = { headers: { 'retry-after': header() } };
    const thrown = Object.assign(new Error('busy'), {
      name: 'SlowDown',
      $metadata: { httpStatusCode: 503 },
      $response,
    });
    const error = translateError(thrown, { operation: 'PutObject', right: 's3:PutObject', bucket: 'lake' });
    expect(error).toMatchObject({ code: 'server_busy' });
    const { retryAfter } = error as ConnectionError;
    if (least === undefined || most === undefined) expect(retryAfter).toBeUndefined();
    else expect(retryAfter !== undefined && retryAfter >= least && retryAfter <= most).toBe(true);
  });
});

describe('A request', () => {
  it('is sent ten times within two minutes, and then fails with the last error', async () => {
    const attempt = vi.fn().mockRejectedValue(busy);
    let seconds = 0;
    const pause = async (milliseconds: number) => {
      seconds += milliseconds / 1_000;
    };
    const failure = withRetries(attempt, () => 10, 20_000, never, pause).catch((error: unknown) => error);
    expect(await failure).toBe(busy);
    expect(attempt).toHaveBeenCalledTimes(10);
    expect(seconds).toBeGreaterThan(20);
    expect(seconds).toBeLessThan(120);
  });

  it('is not sent again after an error that is not ours', async () => {
    const attempt = vi.fn().mockRejectedValue(new TypeError('a fault'));
    await expect(withRetries(attempt, () => 10, 20_000, never)).rejects.toThrow('a fault');
    expect(attempt).toHaveBeenCalledTimes(1);
  });
});

it('A wait ends at once when its signal is aborted', async () => {
  const controller = new AbortController();
  const slow = new ConnectionError('busy', { code: 'server_busy', isRetryable: true, retryAfter: 20 });
  const work = withRetries(
    () => Promise.reject(slow),
    () => 10,
    20_000,
    controller.signal,
  );
  setTimeout(() => controller.abort(), 20);
  const startedAt = Date.now();
  await expect(work).rejects.toMatchObject({ name: 'AbortError' });
  expect(Date.now() - startedAt).toBeLessThan(1_000);
});

describe('The pace of all requests', () => {
  function paceAt() {
    let time = 0;
    let waited = 0;
    const pause = async (milliseconds: number) => {
      waited = milliseconds;
    };
    const pace = createPace(() => time, pause);
    return {
      pace,
      pass: (milliseconds: number) => {
        time += milliseconds;
      },
      /** Milliseconds between two requests that are sent as soon as allowed. */
      async interval() {
        time += 1_000_000;
        await pace.turn(never);
        waited = 0;
        await pace.turn(never);
        return waited;
      },
    };
  }

  it('has no limit until a server asks for fewer', async () => {
    expect(await paceAt().interval()).toBe(0);
  });

  it('counts refusals that come together as one, and halves with each of the others, down to one in two seconds', async () => {
    const { pace, pass, interval } = paceAt();
    for (let index = 0; index < 6; index += 1) pace.slowDown();
    expect(await interval()).toBe(50);
    pace.slowDown();
    expect(await interval()).toBe(100);
    for (let index = 0; index < 20; index += 1) {
      pass(1_000);
      pace.slowDown();
    }
    expect(await interval()).toBe(2_000);
  });

  it('gradually returns to its former rate once the server accepts requests', async () => {
    const { pace, interval } = paceAt();
    pace.slowDown();
    pace.speedUp();
    expect(await interval()).toBe(45);
    for (let index = 0; index < 60; index += 1) pace.speedUp();
    expect(await interval()).toBe(0);
  });
});
