import { visible } from '../config/visible.ts';
import { Decimal } from '../interface/value.ts';
import { textOf } from '../jsonl/byte-buffer.ts';

/** Longer values are cut in messages: a value of 60 MB would fill a log. */
const valueCharacters = 60;
/** Names are cut later than values, since they identify things, and are rarely longer. */
const nameCharacters = 200;

/** The name of a stream, a column or a message as it is in messages: in quotes, and cut when it is long. */
export function shownName(name: string): string {
  return JSON.stringify(cutName(name));
}

/** The same without the quotes, for the details of an error. */
export function cutName(name: string): string {
  return cut(name, nameCharacters);
}

/** The bytes of a value unchanged, cut when there are many. */
export function shownBytes(bytes: Uint8Array, start: number, end: number): string {
  // A character has four bytes at most; half of one at the end is cut off again.
  return visible(cut(textOf(bytes, start, Math.min(end, start + 4 * valueCharacters + 4)), valueCharacters));
}

/** A parsed value as JSON, cut when it is long. */
export function shownValue(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(cut(value, valueCharacters));
  if (value instanceof Decimal) return cut(value.text, valueCharacters);
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'a list' : 'an object';
  return cut(String(value), valueCharacters);
}

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most)}…`;
}
