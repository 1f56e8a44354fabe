import { missingArgument, refusedBecause } from './slack-error.ts';

/** The arguments of a call: texts when they came in a form or a query, any JSON value when they came as JSON. */
export type Arguments = Readonly<Record<string, unknown>>;

/** An empty text counts as left out. */
export function text(args: Arguments, name: string): string | undefined {
  const value = args[name];
  if (value === undefined || value === null || value === '') return undefined;
  return typeof value === 'string' ? value : typeof value === 'object' ? JSON.stringify(value) : String(value);
}

export function requiredText(args: Arguments, name: string): string {
  const value = text(args, name);
  if (value === undefined) throw missingArgument(name);
  return value;
}

/** A form says `true` or `1`. */
export function flag(args: Arguments, name: string): boolean | undefined {
  const value = text(args, name);
  return value === undefined ? undefined : value === 'true' || value === '1';
}

/** How many items a page may have; `largest` is a documented maximum. */
export function limitOf(args: Arguments, usual: number, largest: number, code = 'invalid_arguments'): number {
  const value = text(args, 'limit');
  if (value === undefined) return usual;
  const limit = Number(value);
  if (!Number.isInteger(limit)) throw refusedBecause(code, ['must be an integer [json-pointer:/limit]']);
  // Slack takes 0 as no limit given.
  if (limit === 0) return usual;
  if (limit < 0) throw refusedBecause(code, ['must be more than 0 [json-pointer:/limit]']);
  if (limit > largest) throw refusedBecause(code, [`must be less than ${largest + 1} [json-pointer:/limit]`]);
  return limit;
}

/** An argument that is itself JSON: a JSON text in a form, either that or the value in a JSON body. */
export function json(args: Arguments, name: string): unknown {
  const value = args[name];
  if (typeof value !== 'string') return value ?? undefined;
  if (value === '') return undefined;
  try {
    return JSON.parse(value);
  } catch {
    return unreadable;
  }
}

/** What `json` gives for a text that is not JSON. */
const unreadable: unique symbol = Symbol('unreadable');

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
