import { type EventError, isC8Error } from 'c8connector';

/** What a failed command says: the error in one line, or one more for each of several problems, then what to do; and the stack when asked. */
export function describe(error: unknown, withStack = false): string {
  const text = describeFacts(errorFacts(error));
  return withStack && error instanceof Error ? `${text}\n${stackOf(error)}` : text;
}

/** The same of an error that an event of a run carries. */
export function describeFacts({ name, code, message, remedy }: EventError): string {
  const lines = [`${name} ${code}: ${message}`, ...(remedy === undefined ? [] : [remedy])];
  return lines.join('\n').replace(/\n(?! )/g, '\n  ');
}

/** An error as plain data, in the form that the events of a run have. */
export function errorFacts(error: unknown): EventError {
  if (isC8Error(error)) {
    const { name, code, message, remedy, exitCode } = error;
    return { name, code, message, exitCode, ...(remedy === undefined ? {} : { remedy }) };
  }
  const message = error instanceof Error ? error.message : String(error);
  return {
    name: 'ConnectorError',
    code: 'unexpected',
    message,
    remedy: 'Run again with --log-level debug to see where it comes from.',
    exitCode: 1,
  };
}

function stackOf(error: Error): string {
  const cause = error.cause instanceof Error ? `\ncaused by ${stackOf(error.cause)}` : '';
  return `${error.stack ?? error.message}${cause}`;
}
