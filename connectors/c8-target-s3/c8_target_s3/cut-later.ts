import { setMaxListeners } from 'node:events';

/** Milliseconds that a request which creates an object may still take after an abort. */
export const cutMilliseconds = 1_000;
/** Milliseconds that undoing may take. */
const undoMilliseconds = 8_000;
/** Milliseconds that undoing may take after an abort: the program ends three seconds after it. */
const lastMilliseconds = 2_600;

/** A signal that is aborted some time after another one. Disposing removes the listener from that one. */
export interface CutLater extends Disposable {
  readonly signal: AbortSignal;
}

/**
 * For a request that creates an object. If it were cancelled at once, the server might still carry it out after the object was deleted; most are answered within this time.
 */
export function cutLater(signal: AbortSignal): CutLater {
  return abortedLater(signal, cutMilliseconds);
}

/**
 * The deadline for undoing work after a failure or a stop, early enough to report what could not be undone before the program ends. `spent` are the milliseconds that have passed since the signal was
 * aborted.
 */
export function undoDeadline(signal: AbortSignal, spent = 0): CutLater {
  const last = abortedLater(signal, lastMilliseconds - spent);
  const deadline = AbortSignal.any([last.signal, AbortSignal.timeout(undoMilliseconds)]);
  // Many deletions listen to it at the same time.
  setMaxListeners(0, deadline);
  return { signal: deadline, [Symbol.dispose]: last[Symbol.dispose] };
}

function abortedLater(signal: AbortSignal, milliseconds: number): CutLater {
  const late = new AbortController();
  const begin = () => setTimeout(() => late.abort(signal.reason), milliseconds).unref();
  if (signal.aborted) begin();
  else signal.addEventListener('abort', begin, { once: true });
  return { signal: late.signal, [Symbol.dispose]: () => signal.removeEventListener('abort', begin) };
}
