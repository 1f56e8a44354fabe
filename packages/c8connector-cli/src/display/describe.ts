import { type EventError, eventError } from 'c8connector';

/** An error as a failed command shows it: the error in one line, or one more for each of several problems, then what to do; and the stack when asked. */
export function describe(error: unknown, withStack = false): string {
  const text = describeError(eventError(error));
  return withStack && error instanceof Error ? `${text}\n${stackOf(error)}` : text;
}

/** The same of an error that an event of a run carries. */
export function describeError({ name, code, message, remedy }: EventError): string {
  const lines = [`${name} ${code}: ${message}`, ...(remedy === undefined ? [] : [remedy])];
  return lines.join('\n').replace(/\n(?! )/g, '\n  ');
}

function stackOf(error: Error): string {
  const cause = error.cause instanceof Error ? `\ncaused by ${stackOf(error.cause)}` : '';
  return `${error.stack ?? error.message}${cause}`;
}
