import { DataError } from 'c8connector';

/** The error of a copy that cannot be resumed, and why: it starts over. */
export function copyLost(stream: string, reason: string, cause?: unknown): DataError {
  return new DataError(`The copy of ${stream} cannot be resumed: ${reason}.`, {
    code: 'copy_lost',
    remedy: 'Run again, or with --full-refresh: the copy starts over.',
    cause,
    details: { stream },
  });
}
