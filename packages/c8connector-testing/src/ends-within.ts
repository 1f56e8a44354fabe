import { setTimeout } from 'node:timers/promises';
import { Finding } from './check.ts';

/** What the work gives. Throws a Finding when it takes longer; the work then goes on unseen. */
export async function endsWithin<T>(milliseconds: number, work: () => Promise<T>, what: string): Promise<T> {
  const waiting = new AbortController();
  const late = setTimeout(milliseconds, 'late' as const, { signal: waiting.signal }).catch(() => 'late' as const);
  try {
    const done = work().then((value) => ({ value }));
    const first = await Promise.race([done, late]);
    if (first !== 'late') return first.value;
    done.catch(() => undefined);
    throw new Finding(`${what} ends within ${milliseconds} ms`, 'it was still at work');
  } finally {
    waiting.abort();
  }
}
