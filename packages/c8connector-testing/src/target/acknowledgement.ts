import { randomUUID } from 'node:crypto';
import type { Row, State, StreamSchema, TargetMessage } from 'c8connector';
import { Batch, neverStop, writeAcknowledged } from 'c8connector';
import { type Check, Finding } from '../check.ts';
import { difference } from '../values/same-rows.ts';
import type { TargetContext } from './target-context.ts';

const schema: StreamSchema = { type: 'object', properties: { id: { type: 'integer' } } };

/** 68 */
export const durableStates: Check<TargetContext> = {
  number: 68,
  title: 'multiple_state_messages: a state is yielded only when every row before its FLUSH can be read back',
  where: 'write: yield message.state of a FLUSH after everything before it is durable, and never sooner',
  async run(context) {
    const config = await context.config();
    const { exact } = context.connector.accepts(config);
    const stream = context.streamName('multiple_state_messages');
    const states: readonly (State | undefined)[] = [
      undefined,
      ...[1, 2].map((at) => ({ bookmarks: { [stream]: { at } } })),
    ];
    const batches: readonly (readonly Row[])[] = states.map((_state, index) => [
      { id: 2 * index },
      { id: 2 * index + 1 },
    ]);

    async function* messages(): AsyncGenerator<TargetMessage> {
      yield { type: 'SCHEMA', stream, schema, keyProperties: ['id'] };
      for (const [index, state] of states.entries()) {
        yield Batch.ofRows({ stream, schema, extractedAt: '2023-04-05T06:07:08.123456Z', exact }, batches[index] ?? []);
        yield { type: 'FLUSH', state, isCheckpoint: state !== undefined };
      }
    }

    const run = { id: randomUUID(), connection: randomUUID(), unit: stream, epoch: 1, generation: 1 };
    const request = { config, run, signal: neverStop().forced, log: context.log };
    for await (const _ of writeAcknowledged(context.connector, nothing(), request));
    let flushes = 0;
    let readable = 0;
    for await (const _ of writeAcknowledged(context.connector, messages(), request)) {
      flushes += 1;
      // A target that commits at checkpoints shows only committed rows.
      if (context.connector.recover === undefined || states[flushes - 1] !== undefined) readable = flushes;
      const expected = batches.slice(0, readable).flat();
      const rows = await context.readBack(stream);
      // A target may have stored more rows by now, but not fewer.
      const found = difference(
        expected,
        rows.filter((row) => Number(row.id) < 2 * readable),
      );
      if (found !== undefined)
        throw new Finding(`all ${expected.length} rows before FLUSH ${flushes} when its state is yielded`, found);
    }
    if (flushes !== states.length) throw new Finding(`${states.length} states yielded`, `${flushes}`);
  },
};

/** Empty input: a state that is yielded for it would replace the state of an earlier run. */
async function* nothing(): AsyncGenerator<TargetMessage> {}
