import { type FaultProxy, faultProxy } from '../../interface/fault-proxy.ts';
import { numbersOf, passing } from '../../interface/faults.ts';
import { servedBy } from '../../interface/service-address.ts';
import { tcpProxy } from '../../interface/tcp-proxy.ts';
import type { SourceContext } from '../source-context.ts';
import type { HttpService, OtherService } from './proxied-service.ts';
import { checkBelieved } from './source-calls.ts';

/** Makes each call twice with one connector: with a fault, ignoring its result, and then without. Throws a Finding when the result of the second call is incomplete. */
export async function callAgain(context: SourceContext, service: HttpService | OtherService): Promise<void> {
  if (service.isHttp) await afterAnswers(context, service);
  else await afterCut(context, service);
}

async function afterAnswers(context: SourceContext, { address, calls }: HttpService): Promise<void> {
  for (const good of calls) {
    await Promise.all(
      passing.map(async (fault) => {
        await using proxy = await faultProxy(address);
        for (const number of numbersOf(good.answers.length)) {
          const spoil = (is: boolean) => proxy.spoil(is ? number : 0, is ? fault : undefined);
          await twice(context, good, proxy, spoil, `request ${number} was answered with ${fault.name}`);
        }
      }),
    );
  }
}

async function afterCut(context: SourceContext, { address, calls }: OtherService): Promise<void> {
  for (const good of calls) {
    const after = Math.floor(good.bytes / 2);
    await using proxy = await tcpProxy(address, { after, end: 'reset' });
    // The fault happens only once.
    await twice(context, good, proxy, () => undefined, `connection was reset after ${after} of ${good.bytes} bytes`);
  }
}

async function twice(
  context: SourceContext,
  { call, own }: HttpService['calls'][number] | OtherService['calls'][number],
  proxy: Pick<FaultProxy, 'host' | 'port'>,
  spoil: (is: boolean) => void,
  what: string,
): Promise<void> {
  const config = await servedBy(context, proxy);
  const source = context.makeConnector();
  spoil(true);
  await call.run(config, source).catch(() => undefined);
  spoil(false);
  await checkBelieved(call, config, own, { when: `by the connector of one whose ${what}`, mayFail: false, source });
}
