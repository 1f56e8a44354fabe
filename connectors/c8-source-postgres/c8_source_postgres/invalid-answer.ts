import { ConnectionError } from 'c8connector';

/**
 * The error of an answer that the protocol of PostgreSQL does not allow, or that contradicts itself; `found` says what came, without a full stop. With a stream it is
 * about that one alone: what was read of it counts for nothing, and the run goes on to the others.
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
