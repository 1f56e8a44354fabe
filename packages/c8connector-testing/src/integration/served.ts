import { errorText, NotRunnable } from '../check.ts';
import { type Answer, type FaultProxy, faultProxy } from '../interface/fault-proxy.ts';
import { type ServiceAddress, servedBy, serviceAddress } from '../interface/service-address.ts';
import { speaksHttp, tcpProxy } from '../interface/tcp-proxy.ts';
import { type CallOutcome, callOutcome, type IntegrationContext } from './integration-context.ts';

/** An allowed call, and the service's answer to each request of it. */
type Answered = ReturnType<IntegrationContext['goodCalls']>[number] & { readonly answers: readonly Answer[] };

/** An integration whose requests go through the kit's proxy. */
export interface Served extends AsyncDisposable {
  readonly proxy: FaultProxy;
  /** The allowed calls, and the service's answer to each of their requests. Throws NotRunnable when they do not work through the proxy. */
  calls(): Promise<readonly Answered[]>;
  call(action: string, input: unknown): Promise<CallOutcome>;
}

/** Starts the proxy. Throws NotRunnable when the options allow no call, or when the config has no address. */
export async function openServed(context: IntegrationContext): Promise<Served> {
  const goodCalls = context.goodCalls();
  const address = await serviceAddress(context);
  if (address.protocol === 'tcp:') await checkHttp(context, address);
  const proxy = await faultProxy(address);
  const config = await servedBy(context, proxy);
  const call = (action: string, input: unknown) =>
    callOutcome(() => context.makeConnector().call(action, config, input, { log: context.log }));
  return {
    proxy,
    call,
    async calls() {
      const answered: Answered[] = [];
      for (const good of goodCalls) {
        proxy.spoil(0, undefined);
        const outcome = await call(good.action.name, good.input);
        if (proxy.requests() === 0)
          throw new NotRunnable(`the call of '${good.action.name}' sends no HTTP request to the address of the config`);
        if ('error' in outcome)
          throw new NotRunnable(
            `the call of '${good.action.name}' does not work through an HTTP proxy in front of its service: ${errorText(outcome.error)}`,
          );
        answered.push({ ...good, answers: proxy.answers() });
      }
      return answered;
    },
    [Symbol.asyncDispose]: () => proxy[Symbol.asyncDispose](),
  };
}

/** Throws NotRunnable when a call uses another protocol than HTTP: it might wait forever for the service to send first, while an HTTP proxy waits for the client. */
async function checkHttp(context: IntegrationContext, address: ServiceAddress): Promise<void> {
  await using proxy = await tcpProxy(address);
  const config = await servedBy(context, proxy);
  const [{ action, input }] = context.goodCalls();
  await callOutcome(() => context.makeConnector().call(action.name, config, input, { log: context.log }));
  if (!speaksHttp(proxy)) throw new NotRunnable('the service is not spoken to by HTTP');
}
