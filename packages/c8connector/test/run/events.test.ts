import { describe, expect, test } from 'vitest';
import {
  createStop,
  neverStop,
  openMemoryStateStore,
  type Row,
  type RunEvent,
  type RunRequest,
  run,
  type SourceConnector,
  type StateStore,
  silentLog,
} from '../../src/index.ts';
import { checkedEvents } from '../fixtures/checked-events.ts';
import { keepingTarget, sentCatalog, wideSource } from '../fixtures/wide-tables.ts';
import { type LoggedOptions, loggedDatabase, loggedSource } from '../log/logged-database.ts';

/** The events of one run, each valid, plain JSON and numbered. */
async function eventsOf(
  streams: readonly string[],
  { source = wideSource(), ...options }: Partial<RunRequest> & { store?: StateStore } = {},
) {
  const { events, onEvent } = checkedEvents();
  const catalog = sentCatalog(await source.discover({}), streams);
  const kept: Record<string, Row[]> = {};
  await run({
    source,
    sourceConfig: {},
    target: keepingTarget(kept),
    targetConfig: {},
    catalog,
    store: openMemoryStateStore(),
    stop: neverStop(),
    log: silentLog,
    onEvent,
    ...options,
  });
  return events;
}

const ofType = <T extends RunEvent['type']>(events: readonly RunEvent[], type: T) =>
  events.filter((event): event is Extract<RunEvent, { readonly type: T }> => event.type === type);

/** The phases of a stream, each as often as it changed. */
function phasesOf(events: readonly RunEvent[], stream: string): readonly string[] {
  const phases = ofType(events, 'stream').flatMap((event) => (event.stream === stream ? [event.phase] : []));
  return phases.filter((phase, index) => phase !== phases[index - 1]);
}

describe('the events of a run', () => {
  test.each([
    ['whole', ['beginning', 'copying', 'sealing', 'done']],
    ['parts', ['beginning', 'copying', 'sealing', 'done']],
    ['news', ['beginning', 'reading', 'done']],
    ['broken', ['beginning', 'copying', 'failed']],
  ])('report the phases of %s in their order', async (stream, phases) => {
    expect(phasesOf(await eventsOf([stream]), stream)).toEqual(phases);
  });

  test('are planned and finished, and nothing else, when there is nothing to do', async () => {
    expect((await eventsOf([])).map(({ type }) => type)).toEqual(['planned', 'finished']);
  });

  test('name the units that are known at the beginning, with their streams', async () => {
    const [planned] = await eventsOf(['news', 'parts']);
    expect(planned).toMatchObject({
      units: [
        { unit: 'news/begin', kind: 'begin', streams: ['news'] },
        { unit: 'parts/begin', kind: 'begin', streams: ['parts'] },
      ],
    });
  });

  test('name the units that an interrupted run has left', async () => {
    const store = openMemoryStateStore();
    const stop = createStop();
    const { events, onEvent } = checkedEvents();
    await eventsOf(['parts'], {
      store,
      stop,
      onEvent(event) {
        onEvent(event);
        if (event.type === 'stream' && event.phase === 'copying') stop.request();
      },
    });
    expect(events.at(-1)).toMatchObject({ type: 'finished', status: 'stopped' });
    expect(phasesOf(events, 'parts').at(-1)).toBe('copying');
    const [planned] = await eventsOf(['parts'], { store });
    expect(planned).toMatchObject({ isResumed: true, units: [{ unit: 'parts/copy/0' }, { unit: 'parts/copy/1' }] });
    expect(planned?.run).toBe(events[0]?.run);
  });

  test('report the position of a stream, with every digit and as plain JSON', async () => {
    const positions = (events: readonly RunEvent[]) => ofType(events, 'stream').map(({ position }) => position);
    expect(positions(await eventsOf(['news'])).findLast((position) => position !== undefined)).toBe(
      String(2n ** 63n - 1n),
    );
    expect(positions(await eventsOf(['broken']))).toContainEqual({ after: String(-(2n ** 63n)) });
  });

  test('add up, unit by unit, to the summaries of the streams', async () => {
    const events = await eventsOf(['news', 'parts'], { concurrency: 2 });
    const [finished] = ofType(events, 'finished');
    for (const { stream, read, written } of finished?.streams ?? []) {
      const rows = new Map(
        ofType(events, 'progress').flatMap((event) => (event.stream === stream ? [[event.unit, event.rows]] : [])),
      );
      const durable = new Map(
        ofType(events, 'state_saved').flatMap((event) => {
          const count = event.written[stream];
          return count === undefined ? [] : [[event.unit, count] as const];
        }),
      );
      const sum = (counts: Iterable<number>) => [...counts].reduce((total, count) => total + count, 0);
      expect([sum(rows.values()), sum(durable.values())]).toEqual([read, written]);
    }
    expect(finished?.streams.map(({ read }) => read)).toEqual([6, 6]);
  });
});

describe('a source that keeps its own state', () => {
  const tap = (): SourceConnector => {
    const source = wideSource();
    return Object.assign(Object.create(source) as SourceConnector, {
      open: undefined,
      async *read() {
        yield { type: 'SCHEMA', stream: 'whole', schema: { type: 'object', properties: {} }, keyProperties: [] };
        yield { type: 'STATE', value: { bookmarks: { whole: { lsn: 12n } } }, lag: { milliseconds: 1500, bytes: 3 } };
      },
    });
  };

  test('has one unit with all its streams, and reports with its states how far it is behind its log', async () => {
    const events = await eventsOf(['parts', 'whole'], { source: tap() });
    expect(ofType(events, 'planned')).toMatchObject([{ units: [{ unit: 'tap', streams: ['parts', 'whole'] }] }]);
    expect(ofType(events, 'stream')).toContainEqual(
      expect.objectContaining({
        unit: 'tap',
        stream: 'whole',
        phase: 'reading',
        position: { lsn: 12 },
        lag: { milliseconds: 1500, bytes: 3 },
      }),
    );
    expect(phasesOf(events, 'parts')).toEqual(['reading', 'done']);
  });
});

describe('streams that follow a log', () => {
  function logged() {
    const database = loggedDatabase(['a', 'b']);
    const store = openMemoryStateStore();
    const go = (options: LoggedOptions = {}) =>
      eventsOf(['a', 'b'], { source: loggedSource(database, options), store });
    return { database, go };
  }
  const copied = ['beginning', 'copying', 'sealing', 'following', 'done'];

  test('are copied, and then follow it; later runs follow it at once, in one unit', async () => {
    const { go } = logged();
    const first = await go();
    expect([phasesOf(first, 'a'), phasesOf(first, 'b')]).toEqual([copied, copied]);
    const [planned, ...later] = await go();
    expect(planned).toMatchObject({ units: [{ unit: 'log', kind: 'log', streams: ['a', 'b'] }] });
    expect([phasesOf(later, 'a'), phasesOf(later, 'b')]).toEqual(Array(2).fill(['following', 'done']));
  });

  test('report their position, and how far they are behind', async () => {
    const { database, go } = logged();
    await go();
    database.commit({ stream: 'a', row: { id: 1, name: 'one' } });
    database.commit({ stream: 'b', row: { id: 2, name: 'two' } });
    expect(ofType(await go(), 'stream')).toContainEqual(
      expect.objectContaining({ stream: 'b', phase: 'following', position: { lsn: 20 }, lag: { bytes: 0 } }),
    );
  });

  test('fail independently', async () => {
    const { database, go } = logged();
    await go();
    database.commit({ stream: 'a', row: { id: 1, name: 'one' } }, { stream: 'b', row: { id: 2, name: 'two' } });
    const events = await go({ broken: 'a' });
    expect([phasesOf(events, 'a'), phasesOf(events, 'b')]).toEqual([
      ['following', 'failed'],
      ['following', 'done'],
    ]);
    expect(ofType(events, 'failed')).toMatchObject([{ unit: 'log', streams: ['a'] }]);
  });

  test('start over after the server has lost the log, if the user chose that', async () => {
    const { database, go } = logged();
    await go();
    database.commit({ stream: 'a', row: { id: 1, name: 'one' } });
    database.kept = 5;
    const events = await go({ isResync: true });
    expect(phasesOf(events, 'a')).toEqual(['following', 'failed', ...copied]);
    expect(ofType(events, 'finished')).toMatchObject([{ status: 'done' }]);
  });
});
