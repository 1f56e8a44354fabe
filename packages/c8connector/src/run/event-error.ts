import { isC8Error } from '../interface/errors.ts';
import type { EventError } from './events.ts';

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
