import { constants, fstatSync, openSync, writeSync } from 'node:fs';

/** Writes a text to stderr; with the system, or dropped, when it returns. Never throws. */
export type WriteStderr = (text: string) => void;

const stderr = 2;
/** How long a full pipe is left to its reader before the next try. */
const retryMilliseconds = 10;
/** How long a reader may take nothing before it counts as gone. Until then no signal is heard. */
const stallMilliseconds = 1000;

/** What is known of the reader. */
interface Stderr {
  readonly descriptor: number;
  /** What is left of a text that was taken in part. */
  rest: Uint8Array;
  /** Whether the reader took nothing for too long: until it takes something again, nobody waits for it. */
  isStalled: boolean;
  /** Texts that were dropped since. */
  dropped: number;
}

/**
 * A stderr that is written to at once, so that what is logged last stands there whatever ends the program: a slow reader is waited for, and loses nothing. One that takes nothing for a second is not waited
 * for any more, since a program that waits hears no signal: texts are dropped then, and once it reads again, a line of `describe` says how many. A stderr that is closed drops all.
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

/** A descriptor of stderr that answers EAGAIN when a pipe is full, where waiting would be without end. */
function openStderr(): number {
  // As bigints: Node 20 keeps the numbers of the last look, and resolves no link of a module after one at a pipe.
  const kind = fstatSync(stderr, { bigint: true });
  // Of Linux alone: opened again, the pipe waits for the others that write to it, as they expect.
  if (kind.isFIFO() && process.platform === 'linux') {
    try {
      return openSync('/proc/self/fd/2', constants.O_WRONLY | constants.O_NONBLOCK);
    } catch {
      // Without /proc, or where it belongs to somebody else, it is as everywhere.
    }
  }
  // Node does not wait for a pipe or a socket from the moment that its own stream is there.
  if (kind.isFIFO() || kind.isSocket()) void process.stderr;
  return stderr;
}
