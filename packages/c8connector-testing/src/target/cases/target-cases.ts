import { isDeepStrictEqual } from 'node:util';
import { isC8Error } from 'c8connector';
import { type Check, errorText, Finding, shown } from '../../check.ts';
import { difference } from '../../values/same-rows.ts';
import { type TargetContext, type Written, writeMessages } from '../target-context.ts';
import { casesOfRows } from './cases-of-rows.ts';
import { casesOfTraps } from './cases-of-traps.ts';
import { casesOfValues } from './cases-of-values.ts';
import { casesRefused } from './cases-refused.ts';
import { checkStreamNames } from './stream-names.ts';
import { lastState, stateMessage, type TargetCase } from './target-case.ts';

/** special_chars_in_attributes, which also covers names of streams. */
const namesNumber = 67;

/** The cases that a target stores, and reads back equal. */
export const acceptedCases: readonly TargetCase[] = [...casesOfValues, ...casesOfRows, ...casesOfTraps];

/** The cases that a target refuses. */
export const refusedCases: readonly TargetCase[] = casesRefused;

/** 52 to 67, in the order of the numbers. */
export const caseChecks: readonly Check<TargetContext>[] = [...casesOfValues, ...casesOfRows, ...refusedCases]
  .sort((a, b) => a.number - b.number)
  .map((testCase) => withTraps(caseCheck(testCase)));

/** A check of the kit, followed by the traps of its number. */
function withTraps(check: Check<TargetContext>): Check<TargetContext> {
  const traps = casesOfTraps.filter(({ number }) => number === check.number);
  return {
    ...check,
    async run(context) {
      await check.run(context);
      for (const trap of traps) await caseCheck(trap).run(context);
      if (check.number === namesNumber) await checkStreamNames(context);
    },
  };
}

/** A check that writes the messages of a case in this process, and reads back what was stored. */
export function caseCheck(testCase: TargetCase): Check<TargetContext> {
  const { number, title, where } = testCase;
  return {
    number,
    title,
    where,
    async run(context) {
      const stream = context.streamName(testCase.name);
      const written = await writeMessages(
        context.connector,
        await context.config(),
        messagesOf(testCase, stream),
        context.log,
      );
      if (testCase.refusedWith === undefined) checkAccepted(written, stream);
      else checkRefused(written, stream, testCase.refusedWith);
      await checkStored(context, testCase, stream);
    },
  };
}

/** What a tap sends, including the last STATE. */
export function messagesOf(testCase: TargetCase, stream: string): readonly object[] {
  return [...testCase.messages(stream), stateMessage(lastState(stream))];
}

/** Throws a Finding unless exactly the rows of the case are stored. */
export async function checkStored(
  { readBack, isUpsert }: TargetContext,
  testCase: TargetCase,
  stream: string,
): Promise<void> {
  const expected = isUpsert ? (testCase.upserted ?? testCase.stored) : testCase.stored;
  const found = difference(expected, await readBack(stream));
  if (found !== undefined)
    throw new Finding(`${expected.length} rows read back from '${stream}', as they were sent`, found);
}

function checkAccepted({ states, failure }: Written, stream: string): void {
  if (failure !== undefined)
    throw new Finding('the messages are written', errorText(failure.error), { cause: failure.error });
  const last = states.at(-1);
  if (last === undefined || !isDeepStrictEqual(JSON.parse(last), lastState(stream))) {
    throw new Finding(`the last STATE acknowledged: ${shown(lastState(stream))}`, last ?? 'no state');
  }
}

function checkRefused({ states, failure }: Written, stream: string, codes: readonly string[]): void {
  if (failure === undefined) throw new Finding(`an error ${codes.join(' or ')}`, 'it was accepted');
  const { error } = failure;
  if (!isC8Error(error) || !codes.includes(error.code))
    throw new Finding(`an error ${codes.join(' or ')}`, errorText(error), { cause: error });
  if (states.some((state) => isDeepStrictEqual(JSON.parse(state), lastState(stream)))) {
    throw new Finding('the STATE after the refused line not acknowledged', 'it was');
  }
}
