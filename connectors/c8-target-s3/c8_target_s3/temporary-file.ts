import { ConnectionError } from 'c8connector';

/** A temporary file has not what was written to it. `found` is undefined for a file that is not there. */
export function temporaryFileLost(path: string, found: number | undefined, written: number): ConnectionError {
  const state = found === undefined ? 'is not there any more' : `has ${found} bytes`;
  return new ConnectionError(`The temporary file ${path} ${state}; ${written} bytes were written to it.`, {
    code: 'temporary_file_lost',
    remedy:
      'See what removes or cuts files there, such as a cleaner of the temporary folder, or point TMPDIR to another one.',
    isRetryable: true,
    details: { path },
  });
}
