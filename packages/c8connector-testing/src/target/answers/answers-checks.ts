import { type Check, NotRunnable } from '../../check.ts';
import { sameAfterFailure } from '../../interface/after-failure.ts';
import { type Fault, faultProxy } from '../../interface/fault-proxy.ts';
import { failures, isTheSame, nonsense, numbersOf, passing } from '../../interface/faults.ts';
import { type ServiceAddress, servedBy } from '../../interface/service-address.ts';
import { cutsOf, tcpProxy } from '../../interface/tcp-proxy.ts';
import type { TargetContext } from '../target-context.ts';
import { checkOutcome, checkWhole, writeParts, writtenService } from './proxied-write.ts';

/** 113 */
const nonsenseForRows: Check<TargetContext> = {
  number: 113,
  title:
    'rows count as stored only if the answer proves it, not after 200 with an HTML page, an empty body, {}, or half of the answer',
  where:
    'the code that reads an answer: accept as stored only what the service documents, such as a checksum, a count or an id, and never a status alone',
  timeout: 110,
  async run(context) {
    const service = await writtenService(context);
    if (!('answers' in service))
      throw new NotRunnable('the service is not spoken to by HTTP: 114 and 115 cut its connections');
    await spoilRequests(context, service, nonsense);
  },
};

/** 114 */
const failingForRows: Check<TargetContext> = {
  number: 114,
  title:
    'a request that the service postpones, refuses or loses is made again, or ends the write with a named error; what was acknowledged is stored in any case',
  where:
    'the code that checks the status of an answer, and the code that catches errors: 429, 5xx, redirects, login pages, connections that break',
  timeout: 110,
  async run(context) {
    const service = await writtenService(context);
    if ('answers' in service) await spoilRequests(context, service, failures);
    else await cutConnections(context, service);
  },
};

/** 115 */
const writesAgain: Check<TargetContext> = {
  ...sameAfterFailure,
  timeout: 110,
  async run(context) {
    const service = await writtenService(context);
    if ('answers' in service) await afterAnswers(context, service);
    else await afterCut(context, service);
  },
};

/** 113 to 115: how a target handles the answers of its service. */
export const answersChecks: readonly Check<TargetContext>[] = [nonsenseForRows, failingForRows, writesAgain];

type HttpService = Extract<Awaited<ReturnType<typeof writtenService>>, { readonly answers: unknown }>;
interface OtherService {
  readonly address: ServiceAddress;
  readonly bytes: number;
}

async function spoilRequests(context: TargetContext, service: HttpService, faults: readonly Fault[]): Promise<void> {
  await Promise.all(
    faults.map(async (fault) => {
      await using proxy = await faultProxy(service.address);
      const config = await servedBy(context, proxy);
      for (const number of numbersOf(service.answers.length)) {
        const own = service.answers[number - 1];
        if (own === undefined || isTheSame(fault.answer(own), own)) continue;
        proxy.spoil(number, fault);
        const when = `whose request ${number} is answered with ${fault.name}`;
        await checkOutcome(context, await writeParts(context, config), when);
      }
    }),
  );
}

async function cutConnections(context: TargetContext, { address, bytes }: OtherService): Promise<void> {
  await Promise.all(
    cutsOf(bytes).map(async (cut) => {
      await using proxy = await tcpProxy(address, cut);
      const outcome = await writeParts(context, await servedBy(context, proxy));
      await checkOutcome(context, outcome, `whose connection is ${cut.end} after ${cut.after} of ${bytes} bytes`);
    }),
  );
}

async function afterAnswers(context: TargetContext, { address, answers }: HttpService): Promise<void> {
  await Promise.all(
    passing.map(async (fault) => {
      await using proxy = await faultProxy(address);
      const config = await servedBy(context, proxy);
      for (const number of numbersOf(answers.length)) {
        const target = context.makeConnector();
        proxy.spoil(number, fault);
        await writeParts(context, config, target);
        proxy.spoil(0, undefined);
        const expected = `a good write by the connector of one whose request ${number} was answered with ${fault.name}`;
        await checkWhole(context, await writeParts(context, config, target), expected);
      }
    }),
  );
}

async function afterCut(context: TargetContext, { address, bytes }: OtherService): Promise<void> {
  const after = Math.floor(bytes / 2);
  // The fault happens only once.
  await using proxy = await tcpProxy(address, { after, end: 'reset' });
  const config = await servedBy(context, proxy);
  const target = context.makeConnector();
  await writeParts(context, config, target);
  const expected = `a good write by the connector of one whose connection was reset after ${after} of ${bytes} bytes`;
  await checkWhole(context, await writeParts(context, config, target), expected);
}
