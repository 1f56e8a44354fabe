import { isObject } from './blocks.ts';

/** What Slack answered; its fields are looked at one by one. */
export type SlackAnswer = Readonly<Record<string, unknown>>;

/** A field that the answer is known to have, since its method proves a call by it. */
export function provenText(answer: SlackAnswer, name: string): string {
  const value = answer[name];
  return typeof value === 'string' ? value : '';
}

/** A text, or null where there is none. */
export function textOrNull(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** An object, or an empty one where there is none. */
export function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return isObject(value) ? value : {};
}

/** The objects of a list; what is not an object is left out. */
export function objectsOf(value: unknown): Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
