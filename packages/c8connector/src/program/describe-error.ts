import { isC8Error } from '../interface/errors.ts';

/** What a failed program says: one line with the error and what to do, and the stack only when asked. */
export function describeError(error: unknown, withStack = false): string {
  const message = isC8Error(error)
    ? `${error.name} ${error.code}: ${error.message}${error.remedy === undefined ? '' : `${/[.!?]$/.test(error.message) ? '' : '.'} ${error.remedy}`}`
    : `unexpected error: ${error instanceof Error ? error.message : String(error)}`;
  if (!withStack || !(error instanceof Error)) return oneLine(message);
  return `${oneLine(message)}\n${stackOf(error)}`;
}

function oneLine(text: string): string {
  return text.replace(/\s*[\r\n]+\s*/g, ' ');
}

function stackOf(error: Error): string {
  const cause = error.cause instanceof Error ? `\ncaused by ${stackOf(error.cause)}` : '';
  return `${error.stack ?? error.message}${cause}`;
}
