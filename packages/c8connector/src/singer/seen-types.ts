import { lineError } from './line-error.ts';
import { shownName } from './shown.ts';

/** The most unknown types that are warned about; the output of a program that is not a tap may have any number. */
const mostNamed = 10;

/** The types of messages so far. */
export interface SeenTypes {
  /** Whether one was a message of Singer. */
  isSinger: boolean;
  readonly unknown: Set<string>;
}

export function seenTypes(): SeenTypes {
  return { isSinger: false, unknown: new Set() };
}

/** The text of a warning about an unknown type; undefined when it was warned about before, or there were too many. */
export function unknownType({ unknown }: SeenTypes, name: string): string | undefined {
  if (unknown.size > mostNamed || unknown.has(name)) return undefined;
  unknown.add(name);
  if (unknown.size > mostNamed) return 'there are more types of messages that are not known and left out';
  return `messages of type ${shownName(name)} are not known and left out`;
}

/** Throws when there were lines but none was a Singer message: the input is something else, and nothing was stored. */
export function checkSinger({ isSinger, unknown }: SeenTypes, line: number): void {
  if (isSinger || unknown.size === 0) return;
  throw lineError({ line }, 'the input ends, and none of its lines is a message of Singer');
}
