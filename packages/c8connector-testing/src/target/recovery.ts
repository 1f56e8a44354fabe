import type { RunRequest, State, StateStore, TargetConnector } from 'c8connector';
import { defineSource, neverStop, openMemoryStateStore, run, waitFor } from 'c8connector';
import { type Check, Finding, NotRunnable } from '../check.ts';
import { selectAll } from '../source/recording/selected-catalog.ts';
import { difference } from '../values/same-rows.ts';
import { type Mortal, mortal } from './mortal-target.ts';
import type { TargetContext } from './target-context.ts';

/** More moments than a run of this size has. */
const mostKills = 60;
/** How long a process that wakes up may take to notice that it lost its unit. */
const wakeMilliseconds = 5000;
const rows = Array.from({ length: 15 }, (_, id) => ({ id, text: 'x'.repeat(id < 10 ? 10 : 500_000) }));

/** 85 */
export const recovery: Check<TargetContext> = {
  number: 85,
  title:
    'whenever a run is killed, the next one resumes from what recover returns: no row is lost and none is there twice, whatever the killed run still writes when it wakes up',
  where:
    'recover: its fence, what it removes and the state it returns; write: commits at checkpoints only, each in one piece with its state',
  async run(context) {
    if (context.connector.recover === undefined)
      throw new NotRunnable('the target has no recover: it stores no state with its rows, and delivers at least once');
    for (let moment = 1; moment <= mostKills; moment += 1) if (!(await killAt(context, moment))) return;
  },
};

/** Kills a run at a moment, resumes it, wakes up the killed target, and checks what is stored. Resolves with false when the run had ended before. */
async function killAt(context: TargetContext, moment: number): Promise<boolean> {
  const stream = context.streamName('recovered');
  const store = openMemoryStateStore();
  const killed = mortal(context.makeConnector(), moment);
  // A process that died has not finished its run.
  const first = await runInto(context, stream, killed.target, { ...store, finish: async () => undefined });
  if (!killed.isDead() && first !== undefined) throw new Finding('a good end of a run that nobody killed', first);
  if (!killed.isDead()) return false;
  const failure = await runInto(context, stream, mortal(context.makeConnector()).target, store);
  const when = `a run that was killed ${killed.when()} and gone on with`;
  if (failure !== undefined) throw new Finding(`a good end of ${when}`, failure);
  await wake(killed);
  const stored = (await context.readBack(stream)).map(({ id }) => ({ id: Number(id) }));
  const found = difference(
    rows.map(({ id }) => ({ id })),
    stored,
  );
  if (found !== undefined) throw new Finding(`each of the ${rows.length} rows once after ${when}`, found);
  return true;
}

async function wake(killed: Mortal): Promise<void> {
  // It should fail because of the fence.
  await waitFor(killed.wake(), { milliseconds: wakeMilliseconds }).catch(() => undefined);
}

/** Copies the rows of a stream. Resolves with the message of the failure, undefined when there was none. */
async function runInto(
  context: TargetContext,
  stream: string,
  target: TargetConnector,
  store: StateStore,
): Promise<string | undefined> {
  const source = new (rowSource(stream))();
  let failure: string | undefined;
  const onEvent: RunRequest['onEvent'] = (event) => {
    if (event.type === 'failed') failure = `${event.error.code}: ${event.error.message}`;
  };
  const configs = { sourceConfig: {}, targetConfig: await context.config() };
  const catalog = selectAll(await source.discover({}));
  await run({ source, target, ...configs, catalog, store, stop: neverStop(), log: context.log, onEvent });
  return failure;
}

/** A source of two pages that fit, and one that is split, so that a FLUSH in its middle is not a checkpoint. */
function rowSource(stream: string) {
  return defineSource({
    package: { name: 'c8-source-conformance', version: '1.0.0' },
    name: 'Conformance',
    description: 'Rows that stand once in their target.',
    config: {},
    discover: () => [
      {
        id: stream,
        keyProperties: ['id'],
        schema: { type: 'object', properties: { id: { type: 'integer' }, text: { type: 'string' } } },
      },
    ],
    *read(_stream, { bookmark }) {
      for (let next = Number((bookmark as State | undefined)?.next ?? 0); next < rows.length; next += 5) {
        const lines = rows.slice(next, next + 5).map((row) => `${JSON.stringify(row)}\n`);
        yield { lines: Buffer.from(lines.join('')), count: lines.length, bookmark: { next: next + 5 } };
      }
    },
  });
}
