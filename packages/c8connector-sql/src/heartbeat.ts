import type { Log } from 'c8connector';

/** The properties of a config for the heartbeat, and what writes to its table. */
export interface Heartbeat {
  /** Undefined for no heartbeat. */
  readonly table: string | undefined;
  readonly seconds: number;
  write(): Promise<void>;
}

/**
 * Writes to a table now and regularly, so that the log of a server advances without other writes. Errors are logged, and the read continues. Disposing ends it.
 */
export function beatRegularly({ table, seconds, write }: Heartbeat, signal: AbortSignal, log: Log): Disposable {
  if (table === undefined) return { [Symbol.dispose]: () => undefined };
  let isBeating = false;

  async function beat(): Promise<void> {
    if (isBeating) return;
    isBeating = true;
    try {
      await write();
    } catch (error) {
      if (!signal.aborted) log.warn(`the heartbeat table ${table} cannot be written to: ${String(error)}`, { table });
    } finally {
      isBeating = false;
    }
  }

  const timer = setInterval(() => void beat(), 1000 * seconds);
  void beat();
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
