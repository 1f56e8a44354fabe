import { randomBytes } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { Finding, shown } from '../check.ts';
import { checkExit, type Ended, stdoutLines } from '../program/ended.ts';
import { singerText } from '../target/target-context.ts';
import { isObject } from '../values/json.ts';
import type { SingerContext } from './context.ts';

export interface TargetProgramContext extends SingerContext {
  /** A stream name that was not used before. */
  readonly streamName: (name: string) => string;
  /** Runs the target with these messages on stdin. */
  feed(messages: readonly object[]): Promise<Ended>;
}

export function targetProgramContext(context: SingerContext): TargetProgramContext {
  return {
    ...context,
    streamName: (name) => `c8check_${name.toLowerCase()}_${randomBytes(3).toString('hex')}`,
    feed: async (messages) => await context.run([], { input: singerText(messages) }),
  };
}

/** Checks that a run ended with 0 and that its last state is this one. Returns its states. */
export function checkAccepted(context: SingerContext, end: Ended, sent: readonly unknown[], what = 'a run'): void {
  checkExit(end, what);
  const states = statesOf(context, end, sent);
  const last = sent.at(-1);
  if (last !== undefined && !isDeepStrictEqual(states.at(-1), last))
    throw new Finding(
      `the last STATE of the input at the end of stdout: ${shown(last)}`,
      shown(states.at(-1) ?? 'no state'),
    );
}

/** The state lines on stdout. Throws a Finding unless they are states of the input, in its order. */
export function statesOf(context: SingerContext, end: Ended, sent: readonly unknown[]): unknown[] {
  const states = stdoutLines(end).map((line, index) => stateOf(line, index + 1));
  let from = 0;
  for (const [index, state] of states.entries()) {
    if (index > 0 && isDeepStrictEqual(state, states[index - 1])) {
      context.warn('each state once', `${shown(state)} again in line ${index + 1}`);
      continue;
    }
    const at = sent.findIndex((each, place) => place >= from && isDeepStrictEqual(each, state));
    if (at < 0) {
      const isLater = sent.some((each) => isDeepStrictEqual(each, state));
      throw new Finding(
        isLater ? 'states in the order of the input' : 'only states that stood in the input on stdout',
        `line ${index + 1}: ${shown(state)}`,
      );
    }
    from = at + 1;
  }
  return states;
}

function stateOf(line: string, number: number): unknown {
  let state: unknown;
  try {
    state = JSON.parse(line);
  } catch {
    throw new Finding('a state on each line of stdout', `line ${number} is not JSON: ${shown(line)}`);
  }
  if (!isObject(state)) throw new Finding('a state on each line of stdout', `line ${number}: ${shown(line)}`);
  if (state.type === 'STATE')
    throw new Finding(
      'a state, {"bookmarks": …}, on each line of stdout',
      `line ${number} is a STATE message: ${shown(line)}`,
    );
  return state;
}
