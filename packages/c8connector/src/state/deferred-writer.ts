/** Writes the whole of something, again and again: at once, or a little later together with what comes until then. One write at a time. */
export interface DeferredWriter {
  /** Resolves once what there is now is written. */
  write(): Promise<void>;
  /** The same at once if the last such call is longer ago than the delay; otherwise as `defer`, and resolves without waiting. */
  writeSoon(): Promise<void>;
  /** What there is now is written with the next write, at the latest after the delay or by `close`. */
  defer(): void;
  /** Writes what is deferred. Rejects when the last deferred write failed. */
  close(): Promise<void>;
}

/** A writer with a delay in milliseconds; `writeAll` writes what there is when it is called. */
export function deferredWriter(milliseconds: number, writeAll: () => Promise<void>): DeferredWriter {
  let writing: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  let soonAt = Number.NEGATIVE_INFINITY;
  let failure: { readonly error: unknown } | undefined;

  const write = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    // Each write is of the whole: it makes up for one that failed.
    writing = writing
      .catch(() => undefined)
      .then(writeAll)
      .then(() => {
        failure = undefined;
      });
    return writing;
  };
  const defer = (): void => {
    timer ??= setTimeout(() => {
      write().catch((error: unknown) => {
        failure = { error };
      });
    }, milliseconds);
  };
  return {
    write,
    defer,
    async writeSoon() {
      if (performance.now() - soonAt < milliseconds) return defer();
      soonAt = performance.now();
      await write();
    },
    async close() {
      if (timer !== undefined) await write();
      await writing.catch(() => undefined);
      if (failure !== undefined) throw failure.error;
    },
  };
}
