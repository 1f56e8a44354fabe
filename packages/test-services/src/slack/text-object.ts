import { isObject } from './arguments.ts';

/** Slack's limits count characters, which an emoji of two UTF-16 units is one of. */
export function characters(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/** What Slack has against a text object of Block Kit; `at` is its JSON pointer. */
export function checkText(
  value: unknown,
  at: string,
  { largest, plainOnly = false }: { readonly largest: number; readonly plainOnly?: boolean },
): string[] {
  if (value === undefined) return [`missing required field: text [json-pointer:${parent(at)}]`];
  if (!isObject(value)) return [`must provide an object [json-pointer:${at}]`];
  const { type, text } = value;
  const allowed = plainOnly ? ['plain_text'] : ['plain_text', 'mrkdwn'];
  const reasons = allowed.includes(String(type)) ? [] : [`unsupported type: ${type} [json-pointer:${at}/type]`];
  const unknown = Object.keys(value).filter((name) => !['type', 'text', 'emoji', 'verbatim'].includes(name));
  reasons.push(...unknown.map((name) => `invalid additional property: ${name} [json-pointer:${at}]`));
  if (typeof text !== 'string') return [...reasons, `missing required field: text [json-pointer:${at}]`];
  if (text.trim() === '') reasons.push(`must be more than 0 characters [json-pointer:${at}/text]`);
  if (characters(text) > largest) {
    reasons.push(`must be less than ${largest + 1} characters [json-pointer:${at}/text]`);
  }
  return reasons;
}

function parent(pointer: string): string {
  return pointer.slice(0, pointer.lastIndexOf('/'));
}
