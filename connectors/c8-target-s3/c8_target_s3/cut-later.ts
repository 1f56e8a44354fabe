/** Milliseconds that a request which makes an object still has once everything is to end. */
const grace = 1_000;

/** A signal that is aborted a second after another one; disposing leaves nothing on that. */
export interface CutLater extends Disposable {
  readonly signal: AbortSignal;
}

/**
 * For a request that makes an object: cut off at once, the server may still carry it out, after the object was deleted. Most are answered within the grace.
 */
export function cutLater(signal: AbortSignal): CutLater {
  const late = new AbortController();
  const begin = () => setTimeout(() => late.abort(signal.reason), grace).unref();
  if (signal.aborted) begin();
  else signal.addEventListener('abort', begin, { once: true });
  return { signal: late.signal, [Symbol.dispose]: () => signal.removeEventListener('abort', begin) };
}
