import type { LogReadContext } from '../../src/index.ts';
import { confirmLog } from './database-log.ts';
import type { LogSourceOptions } from './log-options.ts';
import { forgettable, positionOf } from './log-position.ts';
import type { LogReading } from './log-reading.ts';
import { rest } from './rest.ts';

/** Confirms positions to the server now and then, until it is stopped. */
export interface Confirming {
  /** Throws what a confirmation failed with. */
  check(): void;
}

/** The confirmations of one read of the log, as a task of its own: a slow target does not keep the server from hearing of what is durable. */
export function confirming(
  { database: { log }, effects, random, log: options, onConfirmed }: LogSourceOptions,
  { reader }: LogReading,
  durable: LogReadContext<unknown>['durable'],
  ended: AbortSignal,
): Confirming {
  const { host } = reader;
  let failure: { readonly error: unknown } | undefined;

  async function task(): Promise<void> {
    for (;;) {
      await rest(1 + random.below(options.confirmMilliseconds), ended);
      if (ended.aborted || host.isDead) return;
      const known = Object.values((await durable()) ?? {}).map((bookmark) => forgettable(positionOf(bookmark)));
      if (known.length === 0) continue;
      const least = Math.min(...known);
      await effects.effect(host, 'confirm', async () => {
        if (log.slot?.reader !== reader || least <= log.slot.confirmed) return;
        await onConfirmed(least);
        confirmLog(log, least);
      });
    }
  }

  task().catch((error: unknown) => {
    failure = { error };
  });
  return {
    check() {
      if (failure !== undefined) throw failure.error;
    },
  };
}
