import type { Row, StreamSchema, TargetConnector, TargetMessage } from 'c8connector';
import { isC8Error, writeAcknowledged } from 'c8connector';
import { errorText, Finding, NotRunnable } from '../../check.ts';
import { type Answer, faultProxy } from '../../interface/fault-proxy.ts';
import { type ServiceAddress, servedBy, serviceAddress } from '../../interface/service-address.ts';
import { speaksHttp, tcpProxy } from '../../interface/tcp-proxy.ts';
import { difference } from '../../values/same-rows.ts';
import { batchOf, writeRequest } from '../batches.ts';
import { types } from '../cases/target-case.ts';
import type { TargetContext } from '../target-context.ts';

const schema: StreamSchema = { type: 'object', properties: { id: types.id, name: types.text } };
const parts: readonly (readonly Row[])[] = [
  [
    { id: 1, name: 'one' },
    { id: 2, name: 'two' },
  ],
  [
    { id: 3, name: 'three' },
    { id: 4, name: 'four' },
  ],
];

/** The outcome of a write: the rows before the FLUSHes that it acknowledged, and its error. */
interface Outcome {
  readonly stream: string;
  readonly acknowledged: readonly Row[];
  readonly failure?: { readonly error: unknown };
}

/** The address of a service, and its answers to the requests of a write or, for another protocol than HTTP, the number of bytes that it answers. */
type WrittenService = { readonly address: ServiceAddress } & (
  | { readonly answers: readonly Answer[] }
  | { readonly bytes: number }
);

/** Determines how the target communicates with its service. Throws NotRunnable when the config names none, or when a write does not work through a proxy in front of it. */
export async function writtenService(context: TargetContext): Promise<WrittenService> {
  const address = await serviceAddress(context);
  if (address.protocol === 'tcp:') {
    await using proxy = await tcpProxy(address);
    checkGood(await writeParts(context, await servedBy(context, proxy)));
    if (proxy.answered() === 0) throw new NotRunnable('write hears nothing from the address of the config');
    if (!speaksHttp(proxy)) return { address, bytes: proxy.answered() };
  }
  await using proxy = await faultProxy(address);
  checkGood(await writeParts(context, await servedBy(context, proxy)));
  if (proxy.requests() === 0) throw new NotRunnable('write sends no HTTP request to the address of the config');
  return { address, answers: proxy.answers() };
}

function checkGood({ failure }: Outcome): void {
  if (failure === undefined) return;
  throw new NotRunnable(`write does not work through a proxy in front of its service: ${errorText(failure.error)}`);
}

/** Writes some rows before each of two FLUSHes, into a new stream. */
export async function writeParts(
  context: TargetContext,
  config: unknown,
  target: TargetConnector = context.makeConnector(),
): Promise<Outcome> {
  const stream = context.streamName('answers');
  const { exact } = target.accepts(config);
  async function* messages(): AsyncGenerator<TargetMessage> {
    yield { type: 'SCHEMA', stream, schema, keyProperties: ['id'] };
    for (const [at, rows] of parts.entries()) {
      yield batchOf(stream, schema, rows, exact);
      yield { type: 'FLUSH', state: { bookmarks: { [stream]: { at } } }, isCheckpoint: true };
    }
  }
  const acknowledged: Row[] = [];
  try {
    const request = { ...(await writeRequest(context, stream)), config };
    for await (const _ of writeAcknowledged(target, messages(), request))
      acknowledged.push(...(parts[acknowledged.length / 2] ?? []));
    return { stream, acknowledged };
  } catch (error) {
    return { stream, acknowledged, failure: { error } };
  }
}

/** Throws a Finding unless everything that was acknowledged is stored, and the class of an error says who must act. */
export async function checkOutcome(context: TargetContext, outcome: Outcome, when: string): Promise<void> {
  const { stream, acknowledged, failure } = outcome;
  const found = await context.readBack(stream);
  const lost = acknowledged.find((row) => found.every((other) => difference([row], [other]) !== undefined));
  if (lost !== undefined)
    throw new Finding(
      `write, ${when}: all rows that it acknowledged, or an error before it yields their state`,
      `their state was yielded, and ${difference(acknowledged, found)}`,
    );
  if (failure === undefined) return;
  const { error } = failure;
  if (!isC8Error(error) || error.name === 'ConnectorError')
    throw new Finding(`write, ${when}: an error of the project that says who must act`, errorText(error), {
      cause: error,
    });
}

/** Throws a Finding unless all rows were acknowledged and are stored. */
export async function checkWhole(
  context: TargetContext,
  { stream, failure }: Outcome,
  expected: string,
): Promise<void> {
  if (failure !== undefined) throw new Finding(expected, errorText(failure.error), { cause: failure.error });
  const found = difference(parts.flat(), await context.readBack(stream));
  if (found !== undefined) throw new Finding(expected, found);
}
