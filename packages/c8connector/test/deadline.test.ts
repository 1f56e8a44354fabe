import { getEventListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { timedIterator, untilAborted, waitFor } from '../src/deadline.ts';

const never = new Promise<never>(() => undefined);
const listeners = (signal: AbortSignal) => getEventListeners(signal, 'abort').length;
/** An input that gives this many numbers, each at the next turn of the event loop. */
async function* numbers(count: number): AsyncGenerator<number> {
  for (let number = 0; number < count; number++) {
    await new Promise(setImmediate);
    yield number;
  }
}
async function* silence(): AsyncGenerator<number> {
  yield await never;
}

describe('a wait', () => {
  test('has the outcome of its work', async () => {
    expect(await waitFor(Promise.resolve(1), {})).toEqual({ value: 1 });
    expect(await waitFor(Promise.resolve(undefined), { milliseconds: 0 })).toEqual({ value: undefined });
    await expect(waitFor(Promise.reject(new Error('broken')), { milliseconds: 1000 })).rejects.toThrow('broken');
  });

  test('ends when its time is over', async () => {
    const startedAt = performance.now();
    expect(await waitFor(never, { milliseconds: 20 })).toBeUndefined();
    expect(performance.now() - startedAt).toBeGreaterThan(15);
  });

  test('ends when its signal is aborted, before it begins or later', async () => {
    const stop = new AbortController();
    const waiting = waitFor(never, { milliseconds: 60_000, signal: stop.signal });
    stop.abort();
    expect(await waiting).toBeUndefined();
    expect(await waitFor(never, { signal: stop.signal })).toBeUndefined();
    expect(listeners(stop.signal)).toBe(0);
  });

  test('ignores the outcome of work that was given up', async () => {
    const failing = delay(20).then(() => {
      throw new Error('too late');
    });
    expect(await waitFor(failing, { milliseconds: 1 })).toBeUndefined();
    expect(await waitFor(Promise.reject(new Error('at once')), { signal: AbortSignal.abort() })).toBeUndefined();
    // An unhandled rejection would fail the test run.
    await delay(40);
  });

  describe('by the clock', () => {
    beforeEach(() => {
      vi.useFakeTimers();
    });
    afterEach(() => {
      vi.useRealTimers();
    });

    test('leaves no timer behind, whatever ended it', async () => {
      await waitFor(Promise.resolve(), { milliseconds: 60_000 });
      await waitFor(Promise.reject(new Error('broken')), { milliseconds: 60_000 }).catch(() => undefined);
      await waitFor(never, { milliseconds: 60_000, signal: AbortSignal.abort() });
      expect(vi.getTimerCount()).toBe(0);
    });

    test('that is longer than the longest timer does not end at once', async () => {
      let isOver = false;
      void waitFor(never, { milliseconds: 90 * 24 * 3_600_000 }).then(() => {
        isOver = true;
      });
      await vi.advanceTimersByTimeAsync(24 * 24 * 3_600_000);
      expect(isOver).toBe(false);
      await vi.advanceTimersByTimeAsync(24 * 3_600_000);
      expect(isOver).toBe(true);
    });
  });
});

describe('a timed iterator', () => {
  test('returns every item in order, however often it times out before', async () => {
    async function* slowly() {
      for (const item of [1, 2, 3]) {
        await delay(25);
        yield item;
      }
    }
    const input = timedIterator(slowly());
    const items: number[] = [];
    let empty = 0;
    for (
      let next = await input.next({ milliseconds: 5 });
      next?.done !== true;
      next = await input.next({ milliseconds: 5 })
    ) {
      if (next === undefined) empty += 1;
      else items.push(next.value);
    }
    expect(items).toEqual([1, 2, 3]);
    expect(empty).toBeGreaterThan(3);
  });

  test('also reads synchronous iterables', async () => {
    const input = timedIterator(['a']);
    expect(await input.next({ milliseconds: 1000 })).toEqual({ done: false, value: 'a' });
    expect(await input.next({})).toMatchObject({ done: true });
  });

  test('fails as its items do, once, and at the call that waits for them', async () => {
    async function* failing() {
      await delay(20);
      yield* [];
      throw new Error('broken');
    }
    const input = timedIterator(failing());
    expect(await input.next({ milliseconds: 1 })).toBeUndefined();
    await delay(40);
    await expect(input.next({ milliseconds: 1000 })).rejects.toThrow('broken');
    expect(await input.next({})).toMatchObject({ done: true });
  });

  test('requests nothing once the signal is aborted, and keeps the pending item', async () => {
    let asked = 0;
    async function* counted() {
      for (;;) {
        asked += 1;
        await delay(20);
        yield asked;
      }
    }
    const input = timedIterator(counted());
    const signal = AbortSignal.abort();
    expect(await input.next({ signal })).toBeUndefined();
    expect([asked, input.isWaiting]).toEqual([0, false]);
    expect(await input.next({ milliseconds: 1 })).toBeUndefined();
    expect([asked, input.isWaiting]).toEqual([1, true]);
    await delay(40);
    expect(await input.next({ signal })).toBeUndefined();
    expect(await input.next({})).toEqual({ done: false, value: 1 });
    expect(input.isWaiting).toBe(false);
  });

  test('ends its items, also while one is pending', async () => {
    let isEnded = false;
    async function* held() {
      try {
        yield await delay(20, 1);
      } finally {
        isEnded = true;
      }
    }
    const input = timedIterator(held());
    expect(await input.next({ milliseconds: 1 })).toBeUndefined();
    await input.return();
    expect(isEnded).toBe(true);
  });

  test('adds no listeners to a signal that lives as long as the run, nor any memory while no item arrives', async () => {
    const { signal } = new AbortController();
    const input = timedIterator(numbers(2000));
    let most = 0;
    for (let next = await input.next({ signal }); next?.done === false; next = await input.next({ signal })) {
      most = Math.max(most, listeners(signal));
    }
    expect([most, listeners(signal)]).toEqual([0, 0]);

    const item = new Promise<never>(() => undefined);
    const reactions = vi.spyOn(item, 'then');
    const idle = timedIterator({ [Symbol.asyncIterator]: () => ({ next: () => item }) });
    for (let call = 0; call < 50; call++) await idle.next({ milliseconds: 0, signal });
    expect(reactions.mock.calls.length).toBeLessThanOrEqual(1);
    expect(listeners(signal)).toBe(0);
  });
});

describe('items until an abort', () => {
  test('are all of them when there is none', async () => {
    const { signal } = new AbortController();
    const items: number[] = [];
    for await (const item of untilAborted(numbers(1000), signal)) items.push(item);
    expect(items).toHaveLength(1000);
    expect(listeners(signal)).toBe(0);
  });

  test('end while none comes', async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 20);
    for await (const _ of untilAborted(silence(), stop.signal)) expect.unreachable();
    expect(listeners(stop.signal)).toBe(0);
  });

  test('leave their input open for further reads', async () => {
    const input = numbers(3);
    for await (const item of untilAborted(input, new AbortController().signal)) if (item === 0) break;
    expect(await input.next()).toEqual({ done: false, value: 1 });
  });
});
