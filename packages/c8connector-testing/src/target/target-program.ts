import { isDeepStrictEqual } from 'node:util';
import { type Check, Finding, shown } from '../check.ts';
import { checkExit, type Ended, stdoutLines } from '../program/ended.ts';
import { lastState } from './cases/target-case.ts';
import { acceptedCases, checkStored, messagesOf } from './cases/target-cases.ts';
import { singerText, type TargetContext } from './target-context.ts';

/** 51 */
export const targetProgram: Check<TargetContext> = {
  number: 51,
  title: 'the program prints only state lines on stdout, none for empty input, and stores what it reads from stdin',
  where: 'everything that writes to stdout: console.log, drivers that print; logs belong on stderr',
  async run(context) {
    const program = await context.program();
    const config = await context.config();
    const cases = acceptedCases.map((testCase) => ({ testCase, stream: context.streamName(testCase.name) }));
    const input = singerText(cases.flatMap(({ testCase, stream }) => messagesOf(testCase, stream)));
    const [written, nothing] = await Promise.all([program.run([], { config }, input), program.run([], { config }, '')]);

    checkExit(nothing, 'empty input');
    if (nothing.stdout !== '') throw new Finding('nothing on stdout for empty input', shown(nothing.stdout));
    checkExit(written, 'a run');
    const states = statesOf(written);
    const last = lastState(cases.at(-1)?.stream ?? '');
    if (!isDeepStrictEqual(states.at(-1), last))
      throw new Finding(`the last STATE at the end of stdout: ${shown(last)}`, shown(states.at(-1)));
    for (const { testCase, stream } of cases) await checkStored(context, testCase, stream);
  },
};

function statesOf(ended: Ended): unknown[] {
  const states = stdoutLines(ended).map(stateOf);
  const twice = states.find((state, index) => index > 0 && isDeepStrictEqual(state, states[index - 1]));
  if (twice !== undefined) throw new Finding('each state once', `${shown(twice)} twice`);
  return states;
}

function stateOf(line: string, index: number): unknown {
  let state: unknown;
  try {
    state = JSON.parse(line);
  } catch {
    throw new Finding('a state on each line of stdout', `line ${index + 1} is not JSON: ${shown(line)}`);
  }
  const isState = typeof state === 'object' && state !== null && 'bookmarks' in state && !('type' in state);
  if (!isState)
    throw new Finding('a state, {"bookmarks": …}, on each line of stdout', `line ${index + 1}: ${shown(line)}`);
  return state;
}
