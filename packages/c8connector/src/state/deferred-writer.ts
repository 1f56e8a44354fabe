/** Writes the whole of something, again and again: at once, or a little later together with what comes until then. One write at a time. */
export interface DeferredWriter {
  /** Resolves once what there is now is written. Calls that come while a write is under way share the next one. */
  write(): Promise<void>;
  /** What there is now is written with the next write, at the latest after the delay or by `flush`. */
  defer(): void;
  /** Writes what is not written yet, also what a deferred write failed to. */
  flush(): Promise<void>;
}

/** A writer with a delay in milliseconds. `writeAll` writes what there is at the moment when it is called. */
export function deferredWriter(milliseconds: number, writeAll: () => Promise<void>): DeferredWriter {
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isWritten = true;

  const start = async (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    next = undefined;
    isWritten = true;
    running = writeAll();
    try {
      await running;
    } catch (error) {
      // The next write is of the whole again: it makes up for this one.
      isWritten = false;
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

  return {
    write,
    defer() {
      isWritten = false;
      timer ??= setTimeout(() => write().catch(() => undefined), milliseconds);
    },
    async flush() {
      await running?.catch(() => undefined);
      if (!isWritten || next !== undefined) await write();
    },
  };
}
