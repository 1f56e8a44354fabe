import { ConnectionError } from 'c8connector';

/** The error for a temporary file that does not have the bytes that were written to it. `found` is undefined if the file does not exist. */
export function temporaryFileLost(path: string, found: number | undefined, written: number): ConnectionError {
  const state = found === undefined ? 'no longer exists' : `has ${found} bytes`;
  return new ConnectionError(`The temporary file ${path} ${state}; ${written} bytes were written to it.`, {
    code: 'temporary_file_lost',
    remedy:
      'Find out what removes or truncates files there, such as a cleaner of the temporary folder; or point TMPDIR to another one.',
    isRetryable: true,
    details: { path },
  });
}
