/** What ends a wait that is not over by itself; what is left out ends nothing. */
export interface WaitLimits {
  /** Milliseconds from now on; 0 or less leaves time for what is there already. Infinity means no limit, and beyond 24 days it is 24 days. */
  readonly milliseconds?: number;
  readonly signal?: AbortSignal | undefined;
}

/** A longer timer of Node would end at once. */
const longestTimer = 2 ** 31 - 1;

/**
 * Waits for work, but no longer than the limits allow: resolves with its value, or with undefined once the time is over or the signal aborted. Rejects as the
 * work does. Work that was given up goes on, and what becomes of it is ignored. Leaves no timer behind, and no listener on the signal.
 */
export function waitFor<T>(work: PromiseLike<T>, limits: WaitLimits): Promise<{ readonly value: T } | undefined> {
  return settledWithin(limits, (resolve, reject) => {
    work.then((value) => resolve({ value }), reject);
  });
}

/** What `begin` settles, or undefined once a limit is reached. */
async function settledWithin<T>(
  { milliseconds = Number.POSITIVE_INFINITY, signal }: WaitLimits,
  begin: (resolve: (value: T) => void, reject: (error: unknown) => void) => void,
): Promise<T | undefined> {
  let giveUp = (): void => undefined;
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<T | undefined>((resolve, reject) => {
      giveUp = () => resolve(undefined);
      begin(resolve, reject);
      if (signal?.aborted) giveUp();
      signal?.addEventListener('abort', giveUp);
      if (milliseconds < Number.POSITIVE_INFINITY)
        timer = setTimeout(giveUp, Math.min(Math.max(0, milliseconds), longestTimer));
    });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', giveUp);
  }
}

/** Returns the items of an iterable one at a time, each within limits; made by {@link timedIterator}. */
export interface TimedIterator<T> {
  /**
   * The next item or the end, or undefined once a limit is reached: the item under way is then given by a later call. Under a signal that is aborted already
   * nothing is asked of the iterable. Rejects when the iterable fails. One call at a time.
   */
  next(limits: WaitLimits): Promise<IteratorResult<T, unknown> | undefined>;
  /** Whether an item was asked of the iterable that no call has given yet. */
  readonly isWaiting: boolean;
  /** Ends the iterable. One that queues its calls, as a generator does, answers only after the item under way, which may never come. */
  return(): Promise<void>;
}

/** Reads an iterable with a limit for each item. However often a call ends without one, nothing piles up behind the item under way. */
export function timedIterator<T>(items: AsyncIterable<T> | Iterable<T>): TimedIterator<T> {
  const iterator =
    Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : (items as Iterable<T>)[Symbol.iterator]();
  let isWaiting = false;
  let outcome: (() => IteratorResult<T, unknown>) | undefined;
  let wake: () => void = () => undefined;

  async function ask(): Promise<void> {
    isWaiting = true;
    try {
      const result = await iterator.next();
      outcome = () => result;
    } catch (error) {
      outcome = () => {
        throw error;
      };
    }
    wake();
  }

  return {
    get isWaiting() {
      return isWaiting;
    },
    async next(limits) {
      if (limits.signal?.aborted) return undefined;
      if (!isWaiting) void ask();
      // Only the newest call is woken: a race with the item's own promise would leave a reaction on it each time.
      if (outcome === undefined)
        await settledWithin<void>(limits, (resolve) => {
          wake = resolve;
        });
      if (outcome === undefined) return undefined;
      const take = outcome;
      outcome = undefined;
      isWaiting = false;
      return take();
    },
    async return() {
      await iterator.return?.();
    },
  };
}

/** The items until the signal is aborted, also while none comes. Leaves the iterable itself open, however it ends. */
export async function* untilAborted<T>(items: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  const input = timedIterator(items);
  for (;;) {
    const next = await input.next({ signal });
    if (next === undefined || next.done === true) return;
    yield next.value;
  }
}
