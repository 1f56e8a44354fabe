import { lineError } from './line-error.ts';
import { shownName } from './shown.ts';

/** Unknown types that a warning names; the output of a program that is not a tap has any number of them. */
const mostNamed = 10;

/** What types of messages came so far. */
export interface SeenTypes {
  /** Whether one was a message of Singer. */
  isSinger: boolean;
  readonly unknown: Set<string>;
}

export function seenTypes(): SeenTypes {
  return { isSinger: false, unknown: new Set() };
}

/** What a warning says of a type that nobody knows; undefined when enough was said. */
export function unknownType({ unknown }: SeenTypes, name: string): string | undefined {
  if (unknown.size > mostNamed || unknown.has(name)) return undefined;
  unknown.add(name);
  if (unknown.size > mostNamed) return 'there are more types of messages that are not known and left out';
  return `messages of type ${shownName(name)} are not known and left out`;
}

/** Fails when no line was a message of Singer, although there were some: the input is something else, and nothing of it was stored. */
export function checkSinger({ isSinger, unknown }: SeenTypes, line: number): void {
  if (isSinger || unknown.size === 0) return;
  throw lineError({ line }, 'the input ends, and none of its lines is a message of Singer');
}
