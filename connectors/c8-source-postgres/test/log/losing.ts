import { parseState, type State, stringifyValue } from 'c8connector';
import { connectTo, type Login } from '../harness.ts';
import { follow } from './followed.ts';

/** Runs statements, each in its own transaction, which is on disk once it is committed. */
export async function run(login: Login, ...statements: readonly string[]): Promise<void> {
  await using client = await connectTo(login);
  await client.query('set synchronous_commit = on');
  for (const statement of statements) await client.query(statement);
}

/** A state whose text was changed. */
export function edited(state: State, change: (text: string) => string): State {
  return parseState(change(stringifyValue(state)), 'state');
}

/** The ids of rows. */
export function idsOf(lines: readonly string[]): readonly number[] {
  return lines.map((line) => JSON.parse(line).id);
}

interface Refusal {
  readonly code?: string;
  readonly message: string;
  readonly details: object;
}

/** Reads the table `t` from a state, and returns the error. */
export async function refusal(login: Login, state: State, config = {}): Promise<Refusal> {
  try {
    await follow(login, { streams: ['public-t'], state, config });
  } catch (error) {
    return error as Refusal;
  }
  throw new Error('nothing was refused');
}
