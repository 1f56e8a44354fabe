import { isDeepStrictEqual } from 'node:util';
import { type CallOptions, isSource } from 'c8connector';
import { type Check, Finding, NotRunnable, shown } from './check.ts';
import { type ConnectorContext, validate } from './context.ts';
import type { IntegrationContext } from './integration/integration-context.ts';
import { outcomeOf } from './secrets/planted-secrets.ts';
import type { Recording } from './source/recording/recording.ts';
import type { SourceContext } from './source/source-context.ts';
import { recordMessages, schemaMessage, stateMessage, types } from './target/cases/target-case.ts';
import { type TargetContext, writeMessages } from './target/target-context.ts';

const facts = {
  number: 23,
  title: 'validate, samples, schemas and discover change nothing on the other side',
  where: 'what these calls write, create or delete, and what they take out of a queue',
} as const;

/** 23 */
export const unchangedSource: Check<SourceContext> = {
  ...facts,
  async run(context) {
    if (context.snapshot !== undefined) return await sameSnapshot(context);
    const before = await context.readAgain();
    await lookAround(context);
    const after = await context.readWith(await context.catalog());
    for (const [stream, lines] of before.lines) {
      // Of a long stream a read gives a part, which is larger or smaller each time.
      if (before.capped.has(stream) || after.capped.has(stream)) continue;
      const [held, holds] = [total(before, stream), total(after, stream)];
      if (held !== holds)
        throw new Finding(`stream '${stream}': ${held} records, as before the calls`, `${holds} after them`);
      const changed = [...lines].find(([line, count]) => after.lines.get(stream)?.get(line) !== count)?.[0];
      if (changed !== undefined)
        throw new Finding(
          `stream '${stream}': the same records after the calls`,
          `one that is gone or changed: ${changed.slice(0, 200)}`,
        );
    }
    const ids = (await context.makeConnector().discover(await context.config())).streams.map(
      (entry) => entry.tap_stream_id,
    );
    const known = (await context.discovered()).streams.map((entry) => entry.tap_stream_id);
    if (!isDeepStrictEqual(ids, known))
      throw new Finding(`the streams ${shown(known)}, as before the calls`, shown(ids));
  },
};

/** 23 */
export const unchangedTarget: Check<TargetContext> = {
  ...facts,
  async run(context) {
    if (context.snapshot !== undefined) return await sameSnapshot(context);
    const stream = context.streamName('kept');
    const messages = [
      schemaMessage(stream, { id: types.id }),
      ...recordMessages(stream, [{ id: 1 }, { id: 2 }]),
      stateMessage({ bookmarks: { [stream]: { finished: true } } }),
    ];
    const { failure } = await writeMessages(context.connector, await context.config(), messages, context.log);
    if (failure !== undefined) throw failure.error;
    const before = sorted(await context.readBack(stream));
    await lookAround(context);
    const after = sorted(await context.readBack(stream));
    if (!isDeepStrictEqual(after, before))
      throw new Finding(`the rows that were stored before the calls: ${shown(before)}`, shown(after));
  },
};

/** 23 */
export const unchangedService: Check<IntegrationContext> = {
  ...facts,
  async run(context) {
    if (context.snapshot === undefined)
      throw new NotRunnable('nobody can tell what the service holds: give snapshot: () => all of it');
    await sameSnapshot(context);
  },
};

async function sameSnapshot(context: ConnectorContext): Promise<void> {
  const before = await context.firstSnapshot();
  await lookAround(context);
  const after = await context.snapshot?.();
  if (!isDeepStrictEqual(after, before))
    throw new Finding(`what snapshot gave at first: ${shown(before)}`, shown(after));
}

/** Each call twice: by the connector of the test, and by one of its own. What they throw is for other checks to tell. */
async function lookAround({ connector, makeConnector, config, log }: ConnectorContext): Promise<void> {
  const good = await config();
  const options: CallOptions = { log };
  for (const each of [connector, makeConnector()]) {
    await validate(each, good);
    await outcomeOf(() => each.samples(good, options));
    await outcomeOf(() => each.schemas(good, options));
    if (isSource(each)) await outcomeOf(() => each.discover(good, options));
  }
}

function total({ lines }: Recording, stream: string): number {
  return [...(lines.get(stream)?.values() ?? [])].reduce((sum, count) => sum + count, 0);
}

function sorted(rows: readonly object[]): readonly object[] {
  return rows.toSorted((one, other) => (shown(one) < shown(other) ? -1 : 1));
}
