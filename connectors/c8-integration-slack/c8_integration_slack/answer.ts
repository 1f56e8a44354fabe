import { isObject } from './blocks.ts';

/** An answer of Slack, whose fields are checked one by one. */
export type SlackAnswer = Readonly<Record<string, unknown>>;

/** A field that the answer must have, since it was checked as a proof of the call. */
export function provenText(answer: SlackAnswer, name: string): string {
  const value = answer[name];
  return typeof value === 'string' ? value : '';
}

/** The value when it is a text, otherwise null. */
export function textOrNull(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** The value when it is an object, otherwise an empty object. */
export function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return isObject(value) ? value : {};
}

/** The objects of a list; what is not an object is left out. */
export function objectsOf(value: unknown): Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
