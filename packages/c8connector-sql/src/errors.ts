import { ConnectionError, DataError } from 'c8connector';

/**
 * The error for an answer that the protocol of the server does not allow, or that contradicts itself; `found` describes the answer, without a full stop. With a stream, the error concerns
 * only that one: what was read of it does not count, and the run continues with the others.
 */
export function invalidAnswer(
  found: string,
  { stream, remedy }: { readonly stream?: string | undefined; readonly remedy?: string | undefined } = {},
): ConnectionError {
  const subject = stream === undefined ? '' : `${stream}: `;
  return new ConnectionError(`${subject}The server sent an invalid answer: ${found}.`, {
    code: 'server_answer_invalid',
    isRetryable: true,
    ...(remedy !== undefined && { remedy }),
    ...(stream !== undefined && { details: { stream } }),
  });
}

/** The error for a table that differs from the discovered one, with the differences. A read without a page so far is repeated after another discovery. */
export function streamChanged(stream: string, changes: readonly string[], cause?: unknown): DataError {
  return new DataError(`${stream} changed after its schema was read: ${changes.join(', ')}.`, {
    code: 'stream_changed',
    isRetryable: true,
    cause,
    details: { stream },
  });
}

/** The error of a null in a column for which the schema that was sent does not allow null. */
export function nullOfNotNull(stream: string, column: string): DataError {
  return streamChanged(stream, [`${column} was NOT NULL and is null in a row`]);
}

/** The error of a copy that cannot be resumed, and why: it starts over. */
export function copyLost(stream: string, reason: string, cause?: unknown): DataError {
  return new DataError(`The copy of ${stream} cannot be resumed: ${reason}.`, {
    code: 'copy_lost',
    remedy: 'Run again, or with --full-refresh: the copy starts over.',
    cause,
    details: { stream },
  });
}

/** The most bytes of a row: strings of Node have at most 512 MB, which is the limit for a line of JSON. */
export const largestRow = 500_000_000;

/** The error of a row of this many bytes. With a column, that one has most of them. */
export function rowTooLarge(size: number, stream: string, column: string | undefined): DataError {
  const place = column === undefined ? stream : `${stream}, most of it in the column ${column}`;
  const megabytes = Math.ceil(size / 1e6);
  return new DataError(
    `A row of ${megabytes} MB in ${place}: rows larger than ${largestRow / 1e6} MB cannot be read.`,
    {
      code: 'value_refused',
      remedy: `Deselect ${column === undefined ? 'the columns with large values' : `the column ${column}`}, or shorten its values.`,
      details: { stream, ...(column !== undefined && { column }) },
    },
  );
}
