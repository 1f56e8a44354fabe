import { setTimeout as sleep } from 'node:timers/promises';
import { type Holder, isRunning, parseHolder } from './holder.ts';

/** How often per lease the waiter checks. */
const looksInLease = 30;

/** A lock that another process holds. */
export interface FoundLock {
  /** Its text. */
  readonly text: string;
  /** The process that waits. For a lock without a lease, the lease of this process applies. */
  readonly self: Holder;
  /** Reads it again; undefined when it is gone. */
  read(): Promise<string | undefined>;
}

/** Waits until it is known whether the holder of a lock is alive; `changed` when the lock was released, or taken by another process. */
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
    // Time in which the waiter itself was paused does not count as time without a renewal.
    quiet += Math.min(performance.now() - since, 2 * pause);
  }
  return 'dead';
}
