import { type EventError, eventError } from 'c8connector';

/** The text of an error for a failed command: one line, or one more for each of several problems, then the fix; and the stack on request. */
export function describe(error: unknown, withStack = false): string {
  const text = describeError(eventError(error));
  return withStack && error instanceof Error ? `${text}\n${stackOf(error)}` : text;
}

/** The same for the error of an event. */
export function describeError({ name, code, message, remedy }: EventError): string {
  const lines = [`${name} ${code}: ${message}`, ...(remedy === undefined ? [] : [remedy])];
  return lines.join('\n').replace(/\n(?! )/g, '\n  ');
}

function stackOf(error: Error): string {
  const cause = error.cause instanceof Error ? `\ncaused by ${stackOf(error.cause)}` : '';
  return `${error.stack ?? error.message}${cause}`;
}
