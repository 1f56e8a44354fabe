import type { StreamSchema, TargetMessage } from 'c8connector';
import { type Check, Finding, NotRunnable } from '../check.ts';
import { abortWaiting } from '../interface/aborted.ts';
import { pointedAt } from '../interface/addresses.ts';
import { silentServer } from '../interface/silent-server.ts';
import { batchOf, writeRequest } from './batches.ts';
import { types } from './cases/target-case.ts';
import type { TargetContext } from './target-context.ts';

const schema: StreamSchema = { type: 'object', properties: { id: types.id } };
/** How long a target may take to release what it waits for. */
const limitMilliseconds = 3000;

/** 106 */
export const abortedWrite: Check<TargetContext> = {
  number: 106,
  title: 'an abort ends a write while the service does not answer, and the write acknowledges nothing',
  where: 'signal of the context: pass it to whatever waits for the service, retries included',
  async run(context) {
    await using server = await silentServer();
    const config = await pointedAt(context, server);
    const stream = context.streamName('aborted');
    async function* messages(): AsyncGenerator<TargetMessage> {
      yield { type: 'SCHEMA', stream, schema, keyProperties: ['id'] };
      yield batchOf(stream, schema, [{ id: 1 }]);
      yield { type: 'FLUSH', state: { bookmarks: {} }, isCheckpoint: true };
    }
    let acknowledged = 0;
    const connected = await abortWaiting(
      'write',
      async ({ signal }) => {
        const request = await writeRequest(context, stream, signal);
        for await (const _ of context.makeConnector().write(messages(), { ...request, config })) acknowledged += 1;
      },
      server,
      { limit: limitMilliseconds, mayCleanUp: true },
    );
    if (!connected) throw new NotRunnable('write does not connect to the address of the config');
    if (acknowledged > 0)
      throw new Finding('no state yielded while the service has said nothing', `${acknowledged} states`);
  },
};
