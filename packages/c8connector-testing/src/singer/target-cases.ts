import { isDeepStrictEqual } from 'node:util';
import { type Check, Finding, shown } from '../check.ts';
import { lastState, type TargetCase } from '../target/cases/target-case.ts';
import { acceptedCases, messagesOf, refusedCases } from '../target/cases/target-cases.ts';
import { isObject } from '../values/json.ts';
import { checkAccepted, statesOf, type TargetProgramContext } from './target-context.ts';

/** Cases that a target may accept: the protocol does not oblige targets to check required columns. */
const lenient: readonly number[] = [64];

/** 52 to 67 as input on stdin, each case followed by the traps of its number. What was stored cannot be checked here. */
export const programCaseChecks: readonly Check<TargetProgramContext>[] = [
  ...[...new Set(acceptedCases.map(({ number }) => number))].map((number) =>
    acceptedCheck(acceptedCases.filter((testCase) => testCase.number === number)),
  ),
  ...refusedCases.map(refusedCheck),
].sort((one, other) => one.number - other.number);

function acceptedCheck(cases: readonly TargetCase[]): Check<TargetProgramContext> {
  return {
    number: cases[0]?.number ?? 0,
    title: `${nameOf(cases[0])} is accepted, and its last STATE is printed`,
    where: 'how the target reads the messages of this case',
    async run(context) {
      for (const testCase of cases) {
        const messages = messagesOf(testCase, context.streamName(testCase.name));
        checkAccepted(context, await context.feed(messages), statesIn(messages), `a run with ${testCase.title}`);
      }
    },
  };
}

function refusedCheck(testCase: TargetCase): Check<TargetProgramContext> {
  const { number } = testCase;
  return {
    number,
    title: `${nameOf(testCase)} is refused, and no STATE after it is printed`,
    where: 'how the target reads the messages of this case: it must not continue as if nothing had happened',
    async run(context) {
      const stream = context.streamName(testCase.name);
      const messages = messagesOf(testCase, stream);
      const end = await context.feed(messages);
      const isRefused = end.code !== 0;
      const states = statesOf(context, end, statesIn(messages));
      if (isRefused && states.some((state) => isDeepStrictEqual(state, lastState(stream))))
        throw new Finding('no state from after the message that is refused', shown(states.at(-1)));
      if (isRefused) return;
      const [expected, found] = ['another exit code than 0', '0: it was accepted'];
      if (!lenient.includes(number)) throw new Finding(expected, found);
      context.warn(expected, found);
    },
  };
}

/** The values of the STATE messages, in their order. */
export function statesIn(messages: readonly object[]): unknown[] {
  return messages.flatMap((message) => (isObject(message) && message.type === 'STATE' ? [message.value] : []));
}

/** The name of a case in the conformance list. */
function nameOf(testCase: TargetCase | undefined): string {
  return testCase?.title.split(':')[0] ?? '';
}
