import { setTimeout as sleep } from 'node:timers/promises';
import { type Holder, isRunning, parseHolder } from './holder.ts';

/** How often in a lease the waiter looks. */
const looksInLease = 30;

/** A lock that somebody else holds. */
export interface FoundLock {
  /** What is in it. */
  readonly text: string;
  /** The process that waits. A lock that names no lease is judged by the one of this. */
  readonly self: Holder;
  /** Reads it again; undefined when it is gone. */
  read(): Promise<string | undefined>;
}

/** Waits until it is known of a lock whether its holder lives; `changed` when it was given back, or taken by another one. */
export async function untilDead({ text, self, read }: FoundLock): Promise<'alive' | 'dead' | 'changed'> {
  const holder = parseHolder(text);
  if (holder?.namespace !== undefined && holder.namespace === self.namespace)
    return (await isRunning(holder)) ? 'alive' : 'dead';
  const lease = holder?.lease ?? self.lease;
  const pause = lease / looksInLease;
  let quiet = 0;
  while (quiet < lease) {
    const since = performance.now();
    await sleep(pause);
    const now = await read();
    if (now === undefined || parseHolder(now)?.id !== holder?.id) return 'changed';
    if (now !== text) return 'alive';
    // A waiter that was paused itself has not seen that nothing was renewed.
    quiet += Math.min(performance.now() - since, 2 * pause);
  }
  return 'dead';
}
