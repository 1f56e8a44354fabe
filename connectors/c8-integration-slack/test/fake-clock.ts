import { vi } from 'vitest';

/** Runs with a clock that jumps to the next timer whenever no request is in progress. Requests themselves are real. */
export async function onFakeClock<T>(run: () => Promise<T>): Promise<T> {
  const realFetch = globalThis.fetch;
  const underWay = new Set<Promise<unknown>>();
  let isDone = false;
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: Date.now() });
  vi.stubGlobal('fetch', (...given: Parameters<typeof fetch>) => {
    const answer = wholeAnswer(realFetch(...given)).finally(() => underWay.delete(answer));
    underWay.add(answer);
    return answer;
  });
  try {
    const result = run().finally(() => {
      isDone = true;
    });
    result.catch(() => undefined);
    while (!isDone) {
      if (underWay.size > 0) await Promise.race(underWay).catch(() => undefined);
      await new Promise((resolve) => setImmediate(resolve));
      if (underWay.size === 0 && vi.getTimerCount() > 0) await vi.advanceTimersToNextTimerAsync();
    }
    return await result;
  } finally {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  }
}

async function wholeAnswer(answered: Promise<Response>): Promise<Response> {
  const answer = await answered;
  return new Response(await answer.text(), answer);
}
