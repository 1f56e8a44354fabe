import { vi } from 'vitest';

/** Runs with a clock that jumps to the next timer whenever nothing is on its way to a server. Requests themselves are real. */
export async function onFakeClock<T>(run: () => Promise<T>): Promise<T> {
  const realFetch = globalThis.fetch;
  let underWay = 0;
  let isDone = false;
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: Date.now() });
  vi.stubGlobal('fetch', async (...given: Parameters<typeof fetch>) => {
    underWay += 1;
    try {
      const answer = await realFetch(...given);
      const text = await answer.text();
      return new Response(text, answer);
    } finally {
      underWay -= 1;
    }
  });
  try {
    const result = run().finally(() => {
      isDone = true;
    });
    result.catch(() => undefined);
    while (!isDone) {
      await new Promise((resolve) => setImmediate(resolve));
      if (underWay === 0 && vi.getTimerCount() > 0) await vi.advanceTimersToNextTimerAsync();
    }
    return await result;
  } finally {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  }
}
