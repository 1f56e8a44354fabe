import { ConnectionError } from 'c8connector';

/**
 * The error for an answer that the protocol of PostgreSQL does not allow, or that contradicts itself; `found` describes the answer, without a full stop. With a stream, the error concerns
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
