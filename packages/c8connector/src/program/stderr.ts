import { constants, fstatSync, openSync, writeSync } from 'node:fs';

/** Writes a text to stderr. When it returns, the text was handed to the system or dropped. Never throws. */
export type WriteStderr = (text: string) => void;

const stderr = 2;
/** How long to wait for the reader of a full pipe before the next try. */
const retryMilliseconds = 10;
/** How long a reader may take nothing before it is no longer waited for. During the wait no signal is handled. */
const stallMilliseconds = 1000;

/** The state of stderr and its reader. */
interface Stderr {
  readonly descriptor: number;
  /** The rest of a text that was written only in part. */
  rest: Uint8Array;
  /** Whether the reader took nothing for too long: it is not waited for until it reads again. */
  isStalled: boolean;
  /** Number of texts that were dropped since then. */
  dropped: number;
}

/**
 * A stderr with synchronous writes, so that the last log line is never lost, however the program ends: a slow reader is waited for, and loses nothing. A reader that takes nothing for
 * a second is no longer waited for, since the program handles no signals meanwhile: texts are dropped then, and when it reads again, the line of `describe` says how many. When stderr is
 * closed, everything is dropped.
 */
export function createStderr(describe: (dropped: number) => string): WriteStderr {
  let state: Stderr | undefined;
  return (text) => {
    try {
      state ??= { descriptor: openStderr(), rest: new Uint8Array(), isStalled: false, dropped: 0 };
      put(state, text, describe);
    } catch {
      // A stderr that is full or closed is not a reason to stop the work.
    }
  };
}

function put(state: Stderr, text: string, describe: (dropped: number) => string): void {
  state.rest = state.rest.subarray(writeBytes(state, state.rest));
  if (state.rest.length > 0) {
    state.dropped++;
    return;
  }
  const bytes = Buffer.from(state.dropped === 0 ? text : describe(state.dropped) + text);
  const written = writeBytes(state, bytes);
  state.dropped = written === 0 ? state.dropped + 1 : 0;
  state.rest = written === 0 ? new Uint8Array() : bytes.subarray(written);
}

/** Returns how many of the bytes the reader took. */
function writeBytes(state: Stderr, bytes: Uint8Array): number {
  let written = 0;
  for (let waited = 0; written < bytes.length; ) {
    try {
      written += writeSync(state.descriptor, bytes, written);
      state.isStalled = false;
      waited = 0;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      state.isStalled ||= waited >= stallMilliseconds;
      if (state.isStalled) return written;
      // Nothing else of Node waits within a call.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, retryMilliseconds);
      waited += retryMilliseconds;
    }
  }
  return written;
}

/** A descriptor for stderr whose writes fail with EAGAIN when a pipe is full, where they would otherwise block without end. */
function openStderr(): number {
  // With bigints: Node 20 shares the array of the last plain stat, and resolves no linked module after one of a pipe.
  const kind = fstatSync(stderr, { bigint: true });
  // Only on Linux: opening the pipe again gives a description of our own, so the other processes that write to it still block as they expect.
  if (kind.isFIFO() && process.platform === 'linux') {
    try {
      return openSync('/proc/self/fd/2', constants.O_WRONLY | constants.O_NONBLOCK);
    } catch {
      // Without /proc, or without permission to open it, the same as on other systems.
    }
  }
  // Node makes a pipe or a socket non-blocking when it creates its own stream.
  if (kind.isFIFO() || kind.isSocket()) void process.stderr;
  return stderr;
}
