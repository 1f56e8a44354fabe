import type { Row, StreamSchema, TargetMessage } from 'c8connector';
import { writeAcknowledged } from 'c8connector';
import { type Check, errorText, Finding, NotRunnable } from '../check.ts';
import { type Fault, faultProxy } from '../interface/fault-proxy.ts';
import { numbersOf } from '../interface/faults.ts';
import { servedBy } from '../interface/service-address.ts';
import { difference } from '../values/same-rows.ts';
import { writtenService } from './answers/proxied-write.ts';
import { batchOf, writeRequest } from './batches.ts';
import { types } from './cases/target-case.ts';
import type { TargetContext } from './target-context.ts';

const schema: StreamSchema = { type: 'object', properties: { id: types.id, name: types.text } };
const names = ['first', 'second', 'third'];
/** Long enough for later requests to overtake it. */
const held: Fault = { name: 'held', isAnswered: true, sent: 'whole', answer: (own) => own, held: 300 };

/** 116 */
export const rowsInOrder: Check<TargetContext> = {
  number: 116,
  title: 'the last row of a key is kept, even if the request of an earlier one takes longer',
  where: 'requests that are sent before the previous one was answered: rows of one key must not overtake each other',
  async run(context) {
    if (!context.isUpsert) throw new NotRunnable('the target adds rows, and replaces none');
    const service = await writtenService(context);
    if (!('answers' in service)) throw new NotRunnable('the service is not spoken to by HTTP');
    await using proxy = await faultProxy(service.address);
    const config = await servedBy(context, proxy);
    await write(context, config);
    const requests = proxy.requests();
    for (const number of numbersOf(requests)) {
      proxy.spoil(number, held);
      const stream = await write(context, config);
      const last: readonly Row[] = [{ id: 1, name: names.at(-1) ?? null }];
      const found = difference(last, await context.readBack(stream));
      if (found !== undefined)
        throw new Finding(`the last of ${names.length} rows of a key, though request ${number} is held back`, found);
    }
  },
};

/** Writes a batch for each row of the key. Returns the stream. */
async function write(context: TargetContext, config: unknown): Promise<string> {
  const target = context.makeConnector();
  const stream = context.streamName('in_order');
  const { exact } = target.accepts(config);
  async function* messages(): AsyncGenerator<TargetMessage> {
    yield { type: 'SCHEMA', stream, schema, keyProperties: ['id'] };
    for (const name of names) yield batchOf(stream, schema, [{ id: 1, name }], exact);
    yield { type: 'FLUSH', state: { bookmarks: {} }, isCheckpoint: true };
  }
  try {
    const request = { ...(await writeRequest(context, stream)), config };
    for await (const _ of writeAcknowledged(target, messages(), request));
  } catch (error) {
    throw new Finding('three batches of one key written', errorText(error), { cause: error });
  }
  return stream;
}
