/** What {@link timedIterator} says when nothing came in time. */
export const tick = Symbol('tick');

/**
 * Reads an iterable one item at a time with a deadline: `next(ms)` gives the item, or {@link tick} when none came within `ms`; the item that is under way
 * is then given by a later call. With `ms` Infinity it waits.
 */
export function timedIterator<T>(items: AsyncIterable<T> | Iterable<T>): {
  next(milliseconds: number): Promise<IteratorResult<T, unknown> | typeof tick>;
  return(): Promise<void>;
} {
  const iterator =
    Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : (items as Iterable<T>)[Symbol.iterator]();
  let pending: Promise<IteratorResult<T, unknown>> | undefined;
  return {
    async next(milliseconds) {
      pending ??= Promise.resolve(iterator.next());
      const current = pending;
      let timer: NodeJS.Timeout | undefined;
      try {
        if (milliseconds === Number.POSITIVE_INFINITY) return await take(current);
        const deadline = new Promise<typeof tick>((resolve) => {
          timer = setTimeout(() => resolve(tick), Math.max(0, milliseconds));
        });
        const first = await Promise.race([current, deadline]);
        if (first !== tick) pending = undefined;
        return first;
      } catch (error) {
        pending = undefined;
        throw error;
      } finally {
        clearTimeout(timer);
      }
    },
    async return() {
      // The iterator answers a return only after the next() that is under way, whose failure is of no interest any more.
      pending?.catch(() => undefined);
      await iterator.return?.();
    },
  };

  async function take(current: Promise<IteratorResult<T, unknown>>): Promise<IteratorResult<T, unknown>> {
    const result = await current;
    pending = undefined;
    return result;
  }
}
