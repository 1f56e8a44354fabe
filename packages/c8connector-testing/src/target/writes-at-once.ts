import { setTimeout } from 'node:timers/promises';
import type { Row, State, StreamSchema, TargetMessage } from 'c8connector';
import { writeAcknowledged } from 'c8connector';
import { type Check, errorText, Finding } from '../check.ts';
import { difference } from '../values/same-rows.ts';
import { batchOf, writeRequest } from './batches.ts';
import { types } from './cases/target-case.ts';
import type { TargetContext } from './target-context.ts';

const schema: StreamSchema = { type: 'object', properties: { id: types.id, unit: types.text } };
/** How long a write waits for the other one, since a target may do one write at a time. */
const waitMilliseconds = 2000;

/** 104 */
export const writesAtOnce: Check<TargetContext> = {
  number: 104,
  title:
    'a connector that writes two units at the same time stores the rows of both, and does not mix their rows or states',
  where: 'what the connector object or its module keeps: rows, files and schemas belong to one call of write',
  async run(context) {
    const streams = [context.streamName('unit_a'), context.streamName('unit_b')];
    const rows = streams.map((stream) => [1, 2, 3, 4].map((id): Row => ({ id, unit: stream })));
    const { exact } = context.connector.accepts(await context.config());
    const handed = streams.map(() => gate());
    async function* messages(index: number): AsyncGenerator<TargetMessage> {
      const stream = streams[index] ?? '';
      yield { type: 'SCHEMA', stream, schema, keyProperties: ['id'] };
      for (const half of [rows[index]?.slice(0, 2) ?? [], rows[index]?.slice(2) ?? []]) {
        yield batchOf(stream, schema, half, exact);
        handed[index]?.open();
        // Neither is flushed before both have rows.
        await Promise.race([handed[1 - index]?.opened, setTimeout(waitMilliseconds, undefined, { ref: false })]);
        const state: State = { bookmarks: { [stream]: { at: half[1]?.id } } };
        yield { type: 'FLUSH', state, isCheckpoint: true };
      }
    }
    await Promise.all(
      streams.map(async (stream, index) => {
        const request = await writeRequest(context, stream);
        try {
          for await (const _ of writeAcknowledged(context.connector, messages(index), request));
        } catch (error) {
          throw new Finding('two units written by one connector at the same time', errorText(error), { cause: error });
        }
      }),
    );
    for (const [index, stream] of streams.entries()) {
      const found = difference(rows[index] ?? [], await context.readBack(stream));
      if (found !== undefined)
        throw new Finding(`the rows of '${stream}', while another unit was written by the same connector`, found);
    }
  },
};

/** A gate that two writes wait for. */
function gate() {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open: () => open(), opened };
}
