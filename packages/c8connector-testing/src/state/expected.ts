import { isDeepStrictEqual } from 'node:util';
import { isC8Error, stringifyValue } from 'c8connector';
import { errorText, Finding, shortened } from '../check.ts';

/** Throws a finding when a value of the store differs from the expected one. Members that are undefined count as absent. */
export function same(what: string, found: unknown, expected: unknown): void {
  if (isDeepStrictEqual(present(found), present(expected))) return;
  throw new Finding(`${what}: ${text(expected)}`, text(found));
}

/** Throws a finding when a condition on the found value is false. */
export function holds(what: string, condition: boolean, found: unknown): void {
  if (!condition) throw new Finding(what, text(found));
}

/** Throws a finding when a call does not reject with an error of this code. */
export async function refused(what: string, code: string, call: () => Promise<unknown>): Promise<void> {
  let given: unknown;
  try {
    given = await call();
  } catch (error) {
    if (isC8Error(error) && error.code === code) return;
    throw new Finding(`${what} rejects with the code '${code}'`, errorText(error), { cause: error });
  }
  throw new Finding(`${what} rejects with the code '${code}'`, `it resolved with ${text(given)}`);
}

function present(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(present);
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(members.map(([key, member]) => [key, present(member)]));
}

function text(value: unknown): string {
  return shortened(stringifyValue(value), 400);
}
