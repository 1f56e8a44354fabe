import { DataError } from 'c8connector';

/** The error for a table that differs from the discovered one, with the differences. A read without a page so far is repeated after another discovery. */
export function streamChanged(stream: string, changes: readonly string[], cause?: unknown): DataError {
  return new DataError(`${stream} changed after its schema was read: ${changes.join(', ')}.`, {
    code: 'stream_changed',
    isRetryable: true,
    cause,
    details: { stream },
  });
}
