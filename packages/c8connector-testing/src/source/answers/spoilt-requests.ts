import { type Answer, type Fault, faultProxy } from '../../interface/fault-proxy.ts';
import { isTheSame, numbersOf, slowly } from '../../interface/faults.ts';
import { servedBy } from '../../interface/service-address.ts';
import type { SourceContext } from '../source-context.ts';
import type { HttpService } from './proxied-service.ts';
import { checkBelieved } from './source-calls.ts';

/** Makes each call with each fault in the place of some of its answers, one after the other. Throws a Finding when the source takes one for what it is not. */
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

/** Whether the service itself answers so, to this request or to another: then it is what it says at the end of a list. */
function isKnown(fault: Fault, answers: readonly Answer[], number: number): boolean {
  const own = answers[number - 1];
  if (own === undefined) return true;
  const spoilt = fault.answer(own);
  return fault.sent === 'whole' && answers.some((answer) => isTheSame(spoilt, answer));
}

/** Whether an answer is one JSON value, of which a part is none. */
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
