import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Row, State, StreamSchema, TargetConnector, TargetMessage, WriteRequest } from 'c8connector';
import { Batch, waitFor, writeAcknowledged } from 'c8connector';
import { type Check, Finding, orReason } from '../check.ts';
import { replayProgram } from './replay-program.ts';
import { checkReplayed } from './replayed-rows.ts';
import type { TargetContext } from './target-context.ts';

const schema: StreamSchema = {
  type: 'object',
  properties: { id: { type: 'integer' }, name: { type: ['null', 'string'] } },
};
/** How long a target may take to acknowledge FLUSHes before the crash. */
const acknowledgeMilliseconds = 2000;
const pollMilliseconds = 20;
const releaseMilliseconds = 5000;

/** 69 */
export const replay: Check<TargetContext> = {
  number: 69,
  title:
    'after a crash in the middle of the input the rest is sent again: no row is lost, and no acknowledged row is there twice, or no row at all if the target promises that',
  where:
    'when write yields a state, what it leaves behind when it is ended, what recover removes, and keys in an upsert',
  async run(context) {
    await replayInProcess(context);
    const program = await orReason(context.program);
    if ('value' in program) await replayProgram(context, program.value);
    else context.note(`69 was tried in process only: ${program.reason}`);
  },
};

async function replayInProcess(context: TargetContext): Promise<void> {
  const config = await context.config();
  const stream = context.streamName('replay');
  const states = [1, 2, 3].map((at): State => ({ bookmarks: { [stream]: { at } } }));
  const batches = states.map((_state, at): Row[] => [
    { id: 2 * at, name: `${at} a` },
    { id: 2 * at + 1, name: `${at} b` },
  ]);

  const connection = randomUUID();
  const request = (epoch: number, signal: AbortSignal): WriteRequest => ({
    config,
    run: { id: randomUUID(), connection, unit: stream, epoch, generation: 1 },
    signal,
    log: context.log,
  });
  const from = (first: number, { exact }: { exact: 'number' | 'text' }): TargetMessage[] => [
    { type: 'SCHEMA', stream, schema, keyProperties: ['id'] },
    ...batches
      .slice(first)
      .flatMap((rows, index): TargetMessage[] => [
        Batch.ofRows({ stream, schema, extractedAt: '2023-04-05T06:07:08.123456Z', exact }, rows),
        { type: 'FLUSH', state: states[first + index], isCheckpoint: true },
      ]),
  ];

  const broken = context.makeConnector();
  const acknowledged = await abandoned(broken, from(0, broken.accepts(config)).slice(0, -1), (signal) =>
    request(1, signal),
  );

  const target = context.makeConnector();
  const second = request(2, new AbortController().signal);
  const recovered = await target.recover?.(second);
  const position = atOf(recovered ?? acknowledged, stream);
  async function* rest(): AsyncGenerator<TargetMessage> {
    yield* from(position, target.accepts(config));
  }
  for await (const _ of writeAcknowledged(target, rest(), second));

  const isOnce = context.isUpsert || target.recover !== undefined;
  checkReplayed(
    await context.readBack(stream),
    batches.map((rows, index) => ({ rows, isOnce: isOnce || index < atOf(acknowledged, stream) })),
  );
}

/** Sends messages, then kills the write in the middle. Resolves with the last state that it yielded. */
async function abandoned(
  target: TargetConnector,
  messages: readonly TargetMessage[],
  request: (signal: AbortSignal) => WriteRequest,
): Promise<State | undefined> {
  const end = new AbortController();
  const killed = new Promise<never>((_, reject) => {
    end.signal.addEventListener('abort', () => reject(new Error('the run was killed')), { once: true });
  });
  killed.catch(() => undefined);
  let isTaken = false;
  async function* input(): AsyncGenerator<TargetMessage> {
    yield* messages;
    isTaken = true;
    yield await killed;
  }

  const deadline = Date.now() + acknowledgeMilliseconds;
  const flushes = messages.filter((message) => message.type === 'FLUSH').length;
  const states: (State | undefined)[] = [];
  const iterator = target.write(input(), request(end.signal))[Symbol.asyncIterator]();
  let next = iterator.next();
  while (Date.now() < deadline && !(isTaken && states.length === flushes)) {
    const result = await Promise.race([next, delay(pollMilliseconds, undefined)]);
    if (result === undefined) continue;
    if (result.done === true) throw new Finding('a write that continues while its input is open', 'it ended');
    states.push(result.value);
    next = iterator.next();
  }
  end.abort();
  // How a killed write ends is not checked.
  await waitFor(next, { milliseconds: releaseMilliseconds }).catch(() => undefined);
  await waitFor(Promise.resolve(iterator.return?.()), { milliseconds: releaseMilliseconds }).catch(() => undefined);
  return states.at(-1);
}

function atOf(state: State | undefined, stream: string): number {
  const bookmark = state?.bookmarks?.[stream];
  return typeof bookmark === 'object' && bookmark !== null && 'at' in bookmark ? Number(bookmark.at) : 0;
}
