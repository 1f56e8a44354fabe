import { setMaxListeners } from 'node:events';

/** Milliseconds that a request which makes an object still has once everything is to end. */
export const cutMilliseconds = 1_000;
/** How long undoing may take. */
const undoMilliseconds = 8_000;
/** The same once everything is to end: three seconds later the program has ended. */
const lastMilliseconds = 2_600;

/** A signal that is aborted a while after another one; disposing leaves nothing on that. */
export interface CutLater extends Disposable {
  readonly signal: AbortSignal;
}

/**
 * For a request that makes an object: cut off at once, the server may still carry it out, after the object was deleted. Most are answered within the grace.
 */
export function cutLater(signal: AbortSignal): CutLater {
  return abortedLater(signal, cutMilliseconds);
}

/**
 * For what is undone after a failure or a stop: aborted in time to report what stays before the program ends, whatever there is to undo. `spent` are the milliseconds that have gone by since the signal was
 * aborted.
 */
export function undoDeadline(signal: AbortSignal, spent = 0): CutLater {
  const last = abortedLater(signal, lastMilliseconds - spent);
  const deadline = AbortSignal.any([last.signal, AbortSignal.timeout(undoMilliseconds)]);
  // Many objects are deleted at a time.
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
