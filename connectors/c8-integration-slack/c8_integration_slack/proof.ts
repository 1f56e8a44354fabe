import { isObject } from './blocks.ts';

/** An answer with the status of a success that does not prove that Slack did the call. `what` describes the answer without quoting it, since it may contain what was sent. */
export class UnprovenAnswer extends Error {
  readonly what: string;

  constructor(what: string) {
    super(`unproven answer: ${what}`);
    this.name = 'UnprovenAnswer';
    this.what = what;
  }
}

/** The answer of a method of the Web API: JSON with `ok`, which is true or false. Throws an UnprovenAnswer for anything else. */
export function readAnswer(text: string): Readonly<Record<string, unknown>> {
  const value = parsed(text);
  if (isObject(value) && typeof value.ok === 'boolean') return value;
  throw new UnprovenAnswer(isObject(value) ? 'JSON without ok' : describeBody(text));
}

/**
 * Throws an UnprovenAnswer when an answer lacks what its method is documented to return: texts that are not empty, by their paths. `user.id` is one inside of an object, `files.0.id` one in the
 * first item of a list, and `members[].id` one in each item of a list, which may be empty.
 */
export function checkProof(answer: unknown, paths: readonly string[]): void {
  const missing = paths.find((path) => !isThere(answer, path.split('.')));
  if (missing !== undefined) throw new UnprovenAnswer(`JSON without ${missing}`);
}

function isThere(value: unknown, [name = '', ...rest]: readonly string[]): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const inner: unknown = Reflect.get(value, name.replace('[]', ''));
  if (name.endsWith('[]')) return Array.isArray(inner) && inner.every((item) => isThere(item, rest));
  return rest.length === 0 ? typeof inner === 'string' && inner !== '' : isThere(inner, rest);
}

/** What a body is, in words: `an HTML page`. */
export function describeBody(text: string): string {
  const start = text.trimStart().slice(0, 200);
  if (start === '') return 'an empty body';
  if (/^<(?:!doctype html|html|head|body|\?xml)/i.test(start)) return 'an HTML page';
  const value = parsed(text);
  if (value !== undefined) return Array.isArray(value) ? 'a JSON list' : isObject(value) ? 'JSON' : 'a JSON value';
  return /^[[{]/.test(start) ? 'truncated JSON' : 'a text that is not JSON';
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
