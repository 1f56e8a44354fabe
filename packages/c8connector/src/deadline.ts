/** What ends a wait early. A limit that is left out does not apply. */
export interface WaitLimits {
  /** Milliseconds from now; 0 or less accepts only what is already available. Infinity means no limit; other values over 24 days count as 24 days. */
  readonly milliseconds?: number;
  readonly signal?: AbortSignal | undefined;
}

/** Node fires a longer timer immediately. */
const longestTimer = 2 ** 31 - 1;

/**
 * Waits for work within the limits: resolves with its value, or with undefined once the time is over or the signal aborted. Rejects as the work does. Work that was given up
 * continues, and its outcome is ignored. Leaves no timer behind, and no listener on the signal.
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
   * The next item or the end, or undefined once a limit is reached: a later call then returns the pending item. When the signal is already aborted, nothing is requested from the
   * iterable. Rejects when the iterable fails. One call at a time.
   */
  next(limits: WaitLimits): Promise<IteratorResult<T, unknown> | undefined>;
  /** Whether an item was requested from the iterable that no call has returned yet. */
  readonly isWaiting: boolean;
  /** Ends the iterable. One that queues its calls, as a generator does, ends only after the pending item, which may never come. */
  return(): Promise<void>;
}

/** Reads an iterable with a limit for each item. Calls that end without an item leave nothing queued, however many there are. */
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
      // Only the newest call is woken: a race with the item's own promise would add a reaction to it each time.
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

/** The items until the signal is aborted, which also ends the wait for one. Never closes the iterable itself. */
export async function* untilAborted<T>(items: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  const input = timedIterator(items);
  for (;;) {
    const next = await input.next({ signal });
    if (next === undefined || next.done === true) return;
    yield next.value;
  }
}
