/** Requests up to `depth` items before they are needed, so that reading and writing overlap. Needs an iterator that queues its `next()` calls, as generators do. */
export async function* readAhead<T>(items: AsyncIterable<T>, depth: number): AsyncGenerator<T> {
  const iterator = items[Symbol.asyncIterator]();
  const queue: Promise<IteratorResult<T, unknown>>[] = [];
  try {
    for (;;) {
      while (queue.length < depth) {
        const next = iterator.next();
        // A failure is reported when its turn comes, not as an unhandled rejection before.
        next.catch(() => undefined);
        queue.push(next);
      }
      const result = await queue.shift();
      if (result === undefined || result.done === true) return;
      yield result.value;
    }
  } finally {
    await iterator.return?.();
  }
}
