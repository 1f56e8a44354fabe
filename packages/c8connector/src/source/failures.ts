import { type C8Error, isC8Error } from '../interface/errors.ts';

/** How many streams in a row must fail alike before the others need not be tried. */
const mostAlike = 3;

/** Whether settings or connection have failed, and no stream is named. */
export function isGeneralFailure(error: unknown): error is C8Error {
  return (
    isC8Error(error) &&
    (error.name === 'ConfigError' || error.name === 'ConnectionError') &&
    error.details.stream === undefined
  );
}

/** Says when the failures of single streams concern them all. */
export interface Failures {
  /** Counts the failure of a stream in; undefined for one that concerns no other. True when the others would meet it too. */
  concernsAll(failure: { readonly code: string; readonly message: string } | undefined): boolean;
  /** To be called when a stream was read to its end. */
  clear(): void;
}

/**
 * A stream that fails keeps no other from being read. But when settings or connection fail for several streams in a row, in the same way and without naming one, the others would
 * only fail again.
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
