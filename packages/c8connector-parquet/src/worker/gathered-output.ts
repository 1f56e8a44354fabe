/** Bytes of a file, gathered into arrays of one size: arrays that come back can then be filled again with any bytes. To allocate memory for all bytes of a file costs more than to copy them. */
export interface GatheredOutput {
  /** Copies the bytes. */
  write(bytes: Uint8Array): void;
  /** Passes on what was written since the last full array. */
  flush(): void;
  /** Forgets what was not passed on, of a file that failed or was dropped. */
  clear(): void;
  /** Takes back the memory of an array that was passed on. */
  giveBack(buffer: ArrayBuffer): void;
}

const size = 1024 * 1024;
/** As many as the bytes of a row group fill. */
const mostFree = 32;

/** `send` receives each array, and may transfer it. */
export function gatherOutput(send: (bytes: Uint8Array<ArrayBuffer>) => void): GatheredOutput {
  const free: ArrayBuffer[] = [];
  let current: Uint8Array<ArrayBuffer> | undefined;
  let length = 0;

  function flush(): void {
    if (current === undefined || length === 0) return;
    const full = current.subarray(0, length);
    current = undefined;
    length = 0;
    send(full);
  }

  return {
    write(bytes) {
      for (let from = 0; from < bytes.length; ) {
        current ??= new Uint8Array(free.pop() ?? new ArrayBuffer(size));
        const part = bytes.subarray(from, from + size - length);
        current.set(part, length);
        length += part.length;
        from += part.length;
        if (length === size) flush();
      }
    },
    flush,
    clear() {
      length = 0;
    },
    giveBack(buffer) {
      if (free.length < mostFree) free.push(buffer);
    },
  };
}
