import { isC8Error, parseState, type State, stringifyValue } from 'c8connector';
import type { Login } from '../harness.ts';
import { type FollowRequest, follow } from './followed.ts';

/** A state whose text was changed. */
export function edited(state: State, change: (text: string) => string): State {
  return parseState(change(stringifyValue(state)), 'state');
}

/** The ids of rows; those of deleted ones are negative. */
export function idsOf(lines: readonly string[]): readonly number[] {
  return lines.map((line) => {
    const { id, _sdc_deleted_at: deletedAt } = JSON.parse(line);
    return deletedAt === null ? id : -id;
  });
}

interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** Reads the tables, by default `t`, and returns the error. */
export async function refusal(login: Login, request: Partial<FollowRequest>): Promise<Refusal> {
  const error: unknown = await follow(login, { tables: ['t'], ...request }).catch((thrown: unknown) => thrown);
  if (!isC8Error(error)) throw new Error(`${String(error)} is not an error of a connector`);
  return { code: error.code, message: error.message, remedy: error.remedy ?? '', details: error.details };
}
