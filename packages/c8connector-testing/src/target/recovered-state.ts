import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Row, State, StreamSchema, TargetMessage, WriteRequest } from 'c8connector';
import { Batch } from 'c8connector';
import { type Check, Finding, NotRunnable, shown } from '../check.ts';
import { difference } from '../values/same-rows.ts';
import type { TargetContext } from './target-context.ts';

const schema: StreamSchema = { type: 'object', properties: { id: { type: 'integer' } } };

/** Some rows and the FLUSH after them. A FLUSH that is not a checkpoint has the state from before the rows. */
interface Part {
  readonly ids: readonly number[];
  readonly state: State | undefined;
  readonly isCheckpoint: boolean;
  /** Called before the rows are sent. */
  readonly meanwhile?: () => Promise<void>;
}

/** 101 */
export const recoveredState: Check<TargetContext> = {
  number: 101,
  title:
    'recover returns the state of the last checkpoint that its unit acknowledged, unchanged, however often it is called, and removes nothing of another unit',
  where:
    'recover: which commits it looks at (those of this connection, unit and generation), what it keeps of a state, and what it removes',
  async run(context) {
    if (context.connector.recover === undefined)
      throw new NotRunnable('the target has no recover: it stores no state with its rows, and delivers at least once');
    const stream = context.streamName('recovered_state');
    const { recover, write } = await unitsOf(context, stream);
    const last = stateOf(stream, 0, 3);

    expectState('of a unit that was never written', await recover(0, 1), undefined);
    await recover(1, 2);
    await write(0, 1, [
      { ids: [1, 2], state: stateOf(stream, 0, 2), isCheckpoint: true },
      { ids: [3], state: last, isCheckpoint: true },
      { ids: [4], state: last, isCheckpoint: false },
    ]);
    let recovered: State | undefined;
    const meanwhile = async () => {
      recovered = await recover(0, 3);
    };
    await write(1, 2, [
      { ids: [11], state: undefined, isCheckpoint: false },
      { ids: [12], state: stateOf(stream, 1, 12), isCheckpoint: true, meanwhile },
    ]);
    expectState('of a unit, while another one is written', recovered, last);
    expectState('of the same unit, asked again', await recover(0, 4), last);
    expectState('of the other unit', await recover(1, 5), stateOf(stream, 1, 12));
    expectState('in another connection', await recover(0, 6, { connection: randomUUID() }), undefined);
    const committed = [1, 2, 3, 11, 12].map((id): Row => ({ id }));
    const found = difference(committed, await context.readBack(stream));
    if (found !== undefined)
      throw new Finding(
        'the rows of both units up to their last checkpoints and no others, once they are recovered',
        found,
      );
    expectState('in a new generation', await recover(0, 7, { generation: 2 }), undefined);
  },
};

/** How two units of a stream are recovered and written, each time with a new connector, as after a crash. */
async function unitsOf(context: TargetContext, stream: string) {
  const config = await context.config();
  const connection = randomUUID();
  const requestOf = (range: number, epoch: number, others: Partial<WriteRequest['run']> = {}): WriteRequest => ({
    ...{ config, signal: new AbortController().signal, log: context.log },
    run: { id: 'run', connection, unit: `${stream}/copy/${range}`, epoch, generation: 1, ...others },
  });
  return {
    recover: async (range: number, epoch: number, others?: Partial<WriteRequest['run']>) =>
      await context.makeConnector().recover?.(requestOf(range, epoch, others)),
    async write(range: number, epoch: number, parts: readonly Part[]) {
      const target = context.makeConnector();
      const { exact } = target.accepts(config);
      async function* messages(): AsyncGenerator<TargetMessage> {
        yield { type: 'SCHEMA', stream, schema, keyProperties: ['id'] };
        for (const { ids, state, isCheckpoint, meanwhile } of parts) {
          await meanwhile?.();
          const header = { stream, schema, extractedAt: '2023-04-05T06:07:08.123456Z', exact };
          yield Batch.ofRows(
            header,
            ids.map((id) => ({ id })),
          );
          yield { type: 'FLUSH', state, isCheckpoint };
        }
      }
      for await (const _ of target.write(messages(), requestOf(range, epoch)));
    },
  };
}

function stateOf(stream: string, range: number, id: number): State {
  const position = { id, text: 'Ä "1"', share: 0.5, none: null };
  return { patches: { [stream]: { kind: 'range', copy: 1, range, position } } };
}

function expectState(when: string, found: State | undefined, expected: State | undefined): void {
  if (!isDeepStrictEqual(found, expected)) throw new Finding(`recover ${when}: ${textOf(expected)}`, textOf(found));
}

function textOf(state: State | undefined): string {
  return state === undefined ? 'undefined' : shown(state);
}
