import { expect, test } from 'vitest';
import {
  beginRun,
  type ConnectionState,
  type EventBody,
  finishRun,
  neverStop,
  numberEvents,
  openMemoryStateStore,
  type Row,
  type RunContext,
  run,
  runUnit,
  type SourceConnector,
  type StateStore,
  silentLog,
  streamUnits,
  summarizeRun,
  type Unit,
  type UnitSummary,
} from '../../src/index.ts';
import { checkedEvents } from '../fixtures/checked-events.ts';
import { keepingTarget, sentCatalog, wideSource } from '../fixtures/wide-tables.ts';
import { loggedDatabase, loggedSource } from '../log/logged-database.ts';

/** What all hosts of this file run. */
async function connectionOf(
  streams: readonly string[],
  kept: Record<string, Row[]>,
  store: StateStore,
  source: SourceConnector = wideSource(),
) {
  const catalog = sentCatalog(await source.discover({}), streams);
  const target = keepingTarget(kept);
  return { source, sourceConfig: {}, target, targetConfig: {}, catalog, store, stop: neverStop(), log: silentLog };
}

type Connection = Awaited<ReturnType<typeof connectionOf>>;

const sent = <T>(value: T): T => JSON.parse(JSON.stringify(value));

/** What a process does that is asked for one unit, and gets no more than plain JSON. */
async function workOn(
  { unit, run: id, generation }: { readonly unit: Unit } & Pick<RunContext, 'run' | 'generation'>,
  connection: Connection,
): Promise<{ readonly summary: UnitSummary; readonly events: readonly EventBody[] }> {
  const { source, sourceConfig, catalog, stop, log } = connection;
  const events: EventBody[] = [];
  await using session = await source.open?.({ config: sourceConfig, signal: stop.graceful, log });
  const streams = new Map(session?.select(catalog).map((stream) => [stream.id, stream]));
  const context = {
    ...connection,
    ...{ session, streams, run: id, generation },
    ...{
      fresh: new Set<string>(),
      beginning: new Set<string>(),
      rejected: new Map<string, number>(),
      until: 'now' as const,
    },
  };
  const summary = await runUnit({ ...context, unit, onEvent: (event) => events.push(event) });
  return sent({ summary, events });
}

/** A host that plans a run, has each unit done elsewhere, and puts together what comes back. */
async function runByUnits(connection: Connection) {
  const { source, sourceConfig, store, stop, log } = connection;
  const { events, onEvent } = checkedEvents();
  await using session = await source.open?.({ config: sourceConfig, signal: stop.graceful, log });
  const { context, streams, units, isResumed } = await beginRun(connection, session);
  const emit = numberEvents(context.run, onEvent);
  emit({ type: 'planned', isResumed, streams, units });
  const summary = summarizeRun(streams);
  const { run: id, generation } = context;
  const work = async (unit: Unit): Promise<UnitSummary> => {
    const done = await workOn(sent({ unit, run: id, generation }), connection);
    done.events.forEach(emit);
    summary.add(done.summary);
    return done.summary;
  };
  const followers: string[] = [];
  for (const stream of context.streams.values()) {
    const begun = new Set<string>();
    for (;;) {
      const units = streamUnits(stream, sent(await store.load([stream.id])), id);
      const unit = units.find((one) => !begun.has(one.id));
      if (unit?.kind === 'log') followers.push(stream.id);
      else if (unit === undefined) summary.complete(stream.id);
      if (unit === undefined || unit.kind === 'log') break;
      begun.add(unit.id);
      if ((await work(unit)).status !== 'done') break;
    }
  }
  const followed = followers.length === 0 ? undefined : await work({ id: 'log', kind: 'log', streams: followers });
  for (const stream of followed?.status === 'done' ? followers : []) summary.complete(stream);
  await finishRun(context);
  return { status: summary.status(), streams: summary.streams(), events };
}

/** What is the same in every run: no ids, no versions, no times. */
function lasting({ streams, run: open, rest }: ConnectionState): unknown {
  const progress = Object.entries(streams).map(([stream, { copy: _, version: __, ...more }]) => [
    stream,
    'run' in more ? { ...more, run: 'of the run' } : more,
  ]);
  return { streams: progress, isOpen: open !== undefined, rest };
}
const withoutTimes = (streams: readonly { readonly durationMs: number }[]) =>
  streams.map(({ durationMs: _, ...more }) => more);

test.each([[['whole']], [['parts']], [['news']], [['broken', 'news', 'parts', 'whole']]])(
  'a host that runs each unit of %j in its own process gets the rows, counts and state of a run',
  async (streams) => {
    const ofRun = { kept: {}, store: openMemoryStateStore() };
    const connection = await connectionOf(streams, ofRun.kept, ofRun.store);
    const finished = await run({ ...connection, onEvent: checkedEvents().onEvent });
    const ofHost = { kept: {}, store: openMemoryStateStore() };
    const host = await runByUnits(await connectionOf(streams, ofHost.kept, ofHost.store));

    expect(ofHost.kept).toEqual(ofRun.kept);
    expect(host.status).toBe(finished.status);
    expect(withoutTimes(host.streams)).toEqual(withoutTimes(finished.streams));
    expect(lasting(sent(await ofHost.store.load()))).toEqual(lasting(await ofRun.store.load()));
  },
);

test('a host of its own follows a log like a run', async () => {
  const both = await Promise.all(
    ['run', 'host'].map(async (how) => {
      const database = loggedDatabase(['a', 'b']);
      const kept: Record<string, Row[]> = {};
      const store = openMemoryStateStore();
      const connection = await connectionOf(['a', 'b'], kept, store, loggedSource(database));
      for (const id of [1, 2, 3]) {
        database.commit({ stream: 'a', row: { id, name: 'a' } }, { stream: 'b', row: { id, name: 'b' } });
        if (how === 'run') await run({ ...connection, onEvent: checkedEvents().onEvent });
        else await runByUnits(connection);
      }
      const rows = Object.entries(kept).map(([stream, all]) => [stream, all.map(({ id, name }) => [id, name])]);
      return { rows: rows.sort(), state: lasting(await store.load()) };
    }),
  );
  expect(both[1]).toEqual(both[0]);
  expect(JSON.stringify(both[0]?.state)).toContain('"phase":"following","logPosition":{"lsn":30}');
});

test('a unit that fails resolves with the error as plain data, and with what it means for the other streams', async () => {
  const store = openMemoryStateStore();
  const connection = await connectionOf(['broken'], {}, store);
  const { context } = await beginRun(connection, undefined);
  const unit = { id: 'broken/copy/0', kind: 'copy', streams: ['broken'], range: 0 } as const;
  const { generation } = context;
  await workOn({ unit: { id: 'broken/begin', kind: 'begin', streams: ['broken'] }, run: 'r', generation }, connection);
  const { summary, events } = await workOn({ unit, run: 'r', generation }, connection);
  expect(summary).toMatchObject({
    unit: 'broken/copy/0',
    status: 'failed',
    failure: { error: { name: 'DataError', code: 'value_refused' }, streams: ['broken'], concerns: 'streams' },
    streams: [{ stream: 'broken', read: 1, written: 1 }],
  });
  expect(events.at(-2)).toMatchObject({ type: 'failed', error: summary.failure?.error });

  const moved = await workOn({ unit, run: 'r', generation: generation + 1 }, connection);
  expect(moved.summary.failure).toMatchObject({ error: { code: 'claim_lost' }, concerns: 'all' });
});
