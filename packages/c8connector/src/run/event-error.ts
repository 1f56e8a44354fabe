import type { ErrorClass } from '../interface/error-codes.ts';
import { isC8Error } from '../interface/errors.ts';

/** An error as plain data, as the events of a run have it. */
export interface EventError {
  readonly name: ErrorClass;
  readonly code: string;
  readonly message: string;
  readonly remedy?: string;
  /** For programs: exit code that the error asks for. */
  readonly exitCode: number;
}

/** An error as plain data, in the form that the events of a run have. One that no connector translated is `unexpected`. */
export function eventError(error: unknown): EventError {
  if (isC8Error(error)) {
    const { name, code, message, remedy, exitCode } = error;
    return { name, code, message, exitCode, ...(remedy === undefined ? {} : { remedy }) };
  }
  return {
    name: 'ConnectorError',
    code: 'unexpected',
    message: error instanceof Error ? error.message : String(error),
    remedy: 'Run again with --log-level debug to see where it comes from.',
    exitCode: 1,
  };
}
