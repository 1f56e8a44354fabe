import { DataError } from 'c8connector';

/** The error of a table that is not what the discovery found, with what differs. A read that has given no page yet is begun again after another discovery. */
export function streamChanged(stream: string, changes: readonly string[], cause?: unknown): DataError {
  return new DataError(`${stream} changed after its schema was read: ${changes.join(', ')}.`, {
    code: 'stream_changed',
    isRetryable: true,
    cause,
    details: { stream },
  });
}
