import { waitFor } from 'c8connector';
import { Finding } from './check.ts';

/** The result of the work. Throws a Finding when it takes longer; the work then continues in the background. */
export async function endsWithin<T>(milliseconds: number, work: () => Promise<T>, what: string): Promise<T> {
  const ended = await waitFor(work(), { milliseconds });
  if (ended === undefined) throw new Finding(`${what} ends within ${milliseconds} ms`, 'it was still at work');
  return ended.value;
}
