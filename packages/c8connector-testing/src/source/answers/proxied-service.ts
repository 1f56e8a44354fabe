import { errorText, NotRunnable } from '../../check.ts';
import { type Answer, faultProxy } from '../../interface/fault-proxy.ts';
import { type ServiceAddress, servedBy, serviceAddress } from '../../interface/service-address.ts';
import { speaksHttp, tcpProxy } from '../../interface/tcp-proxy.ts';
import type { SourceContext } from '../source-context.ts';
import { type SourceCall, sourceCalls, type Tables } from './source-calls.ts';

/** A call through a proxy without faults. */
interface GoodCall {
  readonly call: SourceCall;
  /** Its result. */
  readonly own: Tables;
}

/** An HTTP service. `answers` are those to each request of a call. */
export interface HttpService {
  readonly isHttp: true;
  readonly address: ServiceAddress;
  readonly calls: readonly (GoodCall & { readonly answers: readonly Answer[] })[];
}

/** A service with another protocol. `bytes` is the number of bytes that it answers to a call. */
export interface OtherService {
  readonly isHttp: false;
  readonly address: ServiceAddress;
  readonly calls: readonly (GoodCall & { readonly bytes: number })[];
}

/** Determines how the source communicates with its service. Throws NotRunnable when the config names none, or when no call works through a proxy in front of it. */
export async function proxiedService(context: SourceContext): Promise<HttpService | OtherService> {
  const address = await serviceAddress(context);
  const calls = await sourceCalls(context);
  if (address.protocol !== 'tcp:') return await httpService(context, address, calls);
  const { isReallyHttp, ...service } = await otherService(context, address, calls);
  return isReallyHttp ? await httpService(context, address, calls) : service;
}

async function httpService(
  context: SourceContext,
  address: ServiceAddress,
  calls: readonly SourceCall[],
): Promise<HttpService> {
  const good: (GoodCall & { readonly answers: readonly Answer[] })[] = [];
  for (const call of calls) {
    await using proxy = await faultProxy(address);
    const own = await goodRun(call, await servedBy(context, proxy));
    if (proxy.requests() > 0) good.push({ call, own, answers: proxy.answers() });
  }
  return { isHttp: true, address, calls: orNone(good) };
}

async function otherService(
  context: SourceContext,
  address: ServiceAddress,
  calls: readonly SourceCall[],
): Promise<OtherService & { readonly isReallyHttp: boolean }> {
  const good: (GoodCall & { readonly bytes: number })[] = [];
  let isHttp = false;
  for (const call of calls) {
    await using proxy = await tcpProxy(address);
    const own = await goodRun(call, await servedBy(context, proxy));
    isHttp ||= speaksHttp(proxy);
    if (proxy.answered() > 0) good.push({ call, own, bytes: proxy.answered() });
  }
  return { isHttp: false, address, calls: orNone(good), isReallyHttp: isHttp };
}

async function goodRun({ name, run }: SourceCall, config: Readonly<Record<string, unknown>>): Promise<Tables> {
  try {
    return await run(config);
  } catch (error) {
    throw new NotRunnable(`${name} does not work through a proxy in front of its service: ${errorText(error)}`);
  }
}

function orNone<T>(calls: readonly T[]): readonly T[] {
  if (calls.length > 0) return calls;
  throw new NotRunnable('neither discover nor read asks the service at the address of the config');
}
