/** Writes a whole content again on each change: at once, or a little later together with further changes. One write at a time. */
export interface DeferredWriter {
  /** Resolves once the current content is written. Calls during a write share the next one. */
  write(): Promise<void>;
  /** The same as `write` when the last write is longer ago than the delay; otherwise the same as `defer`, and resolves without waiting. */
  writeSoon(): Promise<void>;
  /** Schedules a write of the current content: with the next write, at the latest after the delay or by `flush` or `close`. */
  defer(): void;
  /** Resolves once the current content is written; writes only if it is not yet. */
  flush(): Promise<void>;
  /** Writes what is not written yet, including after a failed write. Rejects only if no `write` has reported the failure yet. */
  close(): Promise<void>;
}

/** A writer with a delay in milliseconds. `writeAll` writes the content at the moment when it is called. */
export function deferredWriter(milliseconds: number, writeAll: () => Promise<void>): DeferredWriter {
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let unwritten: 'nothing' | 'reported' | 'unreported' = 'nothing';
  let startedAt = Number.NEGATIVE_INFINITY;

  const start = async (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    next = undefined;
    unwritten = 'nothing';
    startedAt = performance.now();
    running = writeAll();
    try {
      await running;
    } catch (error) {
      // The next write contains everything again, and makes up for this one.
      if (unwritten === 'nothing') unwritten = 'reported';
      throw error;
    } finally {
      running = undefined;
    }
  };
  const write = (): Promise<void> => {
    if (next !== undefined) return next;
    if (running === undefined) return start();
    next = running.catch(() => undefined).then(start);
    return next;
  };
  const writeLater = (): void => {
    write().catch(() => {
      unwritten = 'unreported';
    });
  };
  const defer = (): void => {
    unwritten = 'unreported';
    timer ??= setTimeout(writeLater, milliseconds);
  };

  return {
    write,
    defer,
    async writeSoon() {
      if (performance.now() - startedAt < milliseconds) defer();
      else await write();
    },
    async flush() {
      if (unwritten !== 'nothing' || next !== undefined) await write();
      else await running;
    },
    async close() {
      await running?.catch(() => undefined);
      if (unwritten === 'nothing' && next === undefined) return;
      const isReported = unwritten === 'reported';
      try {
        await write();
      } catch (error) {
        if (!isReported) throw error;
      }
    },
  };
}
