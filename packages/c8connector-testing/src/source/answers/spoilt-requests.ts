import { type Answer, type Fault, faultProxy } from '../../interface/fault-proxy.ts';
import { isTheSame, numbersOf, slowly } from '../../interface/faults.ts';
import { servedBy } from '../../interface/service-address.ts';
import type { SourceContext } from '../source-context.ts';
import type { HttpService } from './proxied-service.ts';
import { checkBelieved } from './source-calls.ts';

/** Makes each call with each fault in place of some of its answers, one at a time. Throws a Finding when the source accepts one as valid. */
export async function spoilRequests(
  context: SourceContext,
  { address, calls }: HttpService,
  faults: readonly Fault[],
): Promise<void> {
  for (const { call, own, answers } of calls) {
    await Promise.all(
      faults.map(async (fault) => {
        await using proxy = await faultProxy(address);
        const config = await servedBy(context, proxy);
        for (const number of numbersOf(answers.length)) {
          if (isKnown(fault, answers, number)) continue;
          proxy.spoil(number, fault);
          const when = `whose request ${number} is answered ${fault === slowly ? 'in small pieces' : `with ${fault.name}`}`;
          await checkBelieved(call, config, own, { when, mayFail: fault !== slowly });
        }
      }),
    );
  }
}

/** Whether the service itself gives the same answer, to this request or another one: then it is its way to end a list. */
function isKnown(fault: Fault, answers: readonly Answer[], number: number): boolean {
  const own = answers[number - 1];
  if (own === undefined) return true;
  const spoilt = fault.answer(own);
  return fault.sent === 'whole' && answers.some((answer) => isTheSame(spoilt, answer));
}

/** Whether an answer is one JSON value, so that a part of it is invalid. */
export function isJson({ body }: Answer): boolean {
  const text = body.toString();
  if (!/^\s*[[{]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
