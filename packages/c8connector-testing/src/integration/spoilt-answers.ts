import { isC8Error, stringifyValue } from 'c8connector';
import { type Check, errorText, Finding, shown } from '../check.ts';
import type { Fault } from '../interface/fault-proxy.ts';
import { failures, isTheSame, nonsense, slowly } from '../interface/faults.ts';
import type { CallOutcome, IntegrationContext } from './integration-context.ts';
import { openServed } from './served.ts';

/** How many requests of a call are spoilt, one after another: later ones are most often pages of the same list. */
const mostRequests = 3;
/** 120 */
export const nonsenseAnswers: Check<IntegrationContext> = {
  number: 120,
  title:
    'an answer that proves nothing is not taken for a success: 200 with an HTML page, an empty body, {}, or half of the answer',
  where:
    'the code that reads an answer: accept as done only what the service documents, such as an id, and never a status alone',
  timeout: 110,
  run: (context) => checkFaults(context, nonsense),
};

/** 121 */
export const failingService: Check<IntegrationContext> = {
  number: 121,
  title: 'a request that the service postpones, refuses or loses is made again, or ends the call with a named error',
  where: 'the code that checks the status of an answer: 429, 5xx, redirects, login pages, connections that break',
  timeout: 110,
  run: (context) => checkFaults(context, failures),
};

/** 122 */
export const slowAnswers: Check<IntegrationContext> = {
  number: 122,
  title: 'an answer that comes in small pieces is read completely',
  where: 'the code that reads the body of an answer: the first piece is not all of it',
  async run(context) {
    await using served = await openServed(context);
    for (const { action, input, answers } of await served.calls()) {
      for (let number = 1; number <= Math.min(mostRequests, answers.length); number++) {
        served.proxy.spoil(number, slowly);
        const outcome = await served.call(action.name, input);
        if ('error' in outcome)
          throw new Finding(
            `action '${action.name}': an output, though answer ${number} comes in pieces`,
            errorText(outcome.error),
            { cause: outcome.error },
          );
      }
    }
  },
};

async function checkFaults(context: IntegrationContext, faults: readonly Fault[]): Promise<void> {
  await using served = await openServed(context);
  for (const { action, input, answers } of await served.calls()) {
    for (const [index, own] of answers.slice(0, mostRequests).entries()) {
      const number = index + 1;
      for (const fault of faults) {
        if (isTheSame(fault.answer(own), own)) continue;
        served.proxy.spoil(number, fault);
        const outcome = await served.call(action.name, input);
        // An integration that retries makes more requests than the call has.
        checkOutcome(
          `action '${action.name}', whose request ${number} is answered with ${fault.name}`,
          outcome,
          served.proxy.requests() > answers.length,
        );
      }
    }
  }
}

function checkOutcome(what: string, outcome: CallOutcome, isAskedAgain: boolean): void {
  if ('output' in outcome) {
    // After a retry, the integration has an answer of the service itself.
    if (isAskedAgain) return;
    throw new Finding(`${what}: an error`, `the output ${shown(stringifyValue(outcome.output as never))}`);
  }
  const { error } = outcome;
  if (!isC8Error(error) || error.name === 'ConnectorError')
    throw new Finding(`${what}: an error of the project that says who must act`, errorText(error), { cause: error });
}
