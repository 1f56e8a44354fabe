import type { Cause, Causes } from './cause.ts';
import { ofSessions } from './session-causes.ts';
import { ofStatements } from './statement-causes.ts';

/** What an error of the server is about. */
interface ServerError {
  readonly number: number;
  readonly message: string;
}

function causeIn(causes: Causes, { number, message }: ServerError): Cause | undefined {
  return causes.find(
    ([numbers, , text]) => numbers.includes(number) && (text === undefined || text.test(message)),
  )?.[1];
}

/** The cause of an error that refused a login or ended a session, whatever was read; undefined for any other error. */
export function sessionCauseOf(error: ServerError): Cause | undefined {
  return causeIn(ofSessions, error);
}

/** The cause of the error of a statement; undefined for one without a specific fix. */
export function statementCauseOf(error: ServerError): Cause | undefined {
  return causeIn(ofStatements, error);
}
