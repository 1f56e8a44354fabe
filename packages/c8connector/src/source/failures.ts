import { type C8Error, isC8Error } from '../interface/errors.ts';

/** How many streams in a row must fail in the same way before the others are not tried. */
const mostAlike = 3;

/** Whether the settings or the connection failed, without naming a stream. */
export function isGeneralFailure(error: unknown): error is C8Error {
  return (
    isC8Error(error) &&
    (error.name === 'ConfigError' || error.name === 'ConnectionError') &&
    error.details.stream === undefined
  );
}

/** Decides when the failures of single streams concern all streams. */
export interface Failures {
  /** Counts the failure of a stream; undefined for one that concerns only that stream. True when the other streams would fail too. */
  concernsAll(failure: { readonly code: string; readonly message: string } | undefined): boolean;
  /** To be called when a stream was read to its end. */
  clear(): void;
}

/**
 * A stream that fails does not stop the others from being read. But when the settings or the connection fail for several streams in a row, in the same way and without naming a stream, the
 * others would fail too.
 */
export function countFailures(): Failures {
  let last: string | undefined;
  let count = 0;
  return {
    concernsAll(failure) {
      const now = failure === undefined ? undefined : `${failure.code} ${failure.message}`;
      count = now === undefined ? 0 : now === last ? count + 1 : 1;
      last = now;
      return count >= mostAlike;
    },
    clear() {
      count = 0;
    },
  };
}
