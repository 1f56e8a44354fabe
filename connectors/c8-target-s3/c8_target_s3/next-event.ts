import { waitFor } from 'c8connector';
import type { Flush } from './flush.ts';

/** What a source came up with: the next item, its end, or a failure. */
export type Arrival<T> = { readonly result: IteratorResult<T> } | { readonly error: unknown };

/** Asks for the next item. Never rejects, so that nobody has to be there when it fails. */
export async function arrivalOf<T>(iterator: AsyncIterator<T>): Promise<Arrival<T>> {
  try {
    return { result: await iterator.next() };
  } catch (error) {
    return { error };
  }
}

/**
 * Waits for whatever is first: the flush under way has landed, or the next item has arrived. Rejects with the error of the flush, and as soon as the signal is
 * aborted. Leaves nothing behind on the signal, which lives as long as the run.
 */
export async function nextEvent<T>(
  arrival: Promise<Arrival<T>>,
  flush: Flush | undefined,
  signal: AbortSignal,
): Promise<'landed' | Arrival<T>> {
  const events = flush === undefined ? [arrival] : [flush.done.then(() => 'landed' as const), arrival];
  const first = await waitFor(Promise.race(events), { signal });
  if (first === undefined) throw signal.reason;
  return first.value;
}
