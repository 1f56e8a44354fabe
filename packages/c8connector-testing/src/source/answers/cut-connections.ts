import { servedBy } from '../../interface/service-address.ts';
import { cutsOf, type TcpFault, tcpProxy } from '../../interface/tcp-proxy.ts';
import type { SourceContext } from '../source-context.ts';
import type { OtherService } from './proxied-service.ts';
import { checkBelieved } from './source-calls.ts';

/** The number of pieces in which slow answers arrive. */
const pieces = 200;
/** Makes each call with one of its connections cut in the middle of the service's answer. */
export async function cutConnections(context: SourceContext, service: OtherService): Promise<void> {
  for (const good of service.calls) {
    await Promise.all(
      cutsOf(good.bytes).map(async (fault) => {
        const when = `whose connection is ${fault.end} after ${fault.after} of ${good.bytes} bytes`;
        await checkWith(context, service, good, fault, when);
      }),
    );
  }
}

/** Makes each call with its answers in small pieces. */
export async function slowConnections(context: SourceContext, service: OtherService): Promise<void> {
  for (const good of service.calls)
    await checkWith(context, service, good, { pieces, of: good.bytes }, 'whose answers come in small pieces');
}

async function checkWith(
  context: SourceContext,
  { address }: OtherService,
  { call, own }: OtherService['calls'][number],
  fault: TcpFault,
  when: string,
): Promise<void> {
  await using proxy = await tcpProxy(address, fault);
  await checkBelieved(call, await servedBy(context, proxy), own, { when, mayFail: !('pieces' in fault) });
}
