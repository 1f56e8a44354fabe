import type { ErrorClass } from '../interface/error-codes.ts';
import { isC8Error } from '../interface/errors.ts';

/** An error as plain data, in the events of a run. */
export interface EventError {
  readonly name: ErrorClass;
  readonly code: string;
  readonly message: string;
  readonly remedy?: string;
  /** For programs: the exit code for this error. */
  readonly exitCode: number;
}

/** Converts an error to plain data for the events of a run. One that no connector translated has the code `unexpected`. */
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
