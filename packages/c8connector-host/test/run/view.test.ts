import { describe, expect, test } from 'vitest';
import { createRunReducer } from '../../src/run/view.ts';
import { error, numbered, planned, runOf, second, viewOf } from './events.ts';

const progress = { type: 'progress', unit: 'one', stream: 'one', rows: 10, bytes: 100 };
const moved = (phase: string, more: object = {}) => ({ type: 'stream', unit: 'one', stream: 'one', phase, ...more });
const summary = { stream: 'one', status: 'done', read: 20, written: 20, rejected: 0, bytes: 200, durationMs: 1500 };

test('a stream waits, is read, and is done', () => {
  const waiting = viewOf([planned(['one'])]);
  expect(waiting.streams).toMatchObject([{ stream: 'one', status: 'waiting', read: 0 }]);
  const saved = { type: 'state_saved', unit: 'one', written: { one: 10 } };
  const running = viewOf([planned(['one']), progress, saved]);
  expect(running).toMatchObject({ run: 'r', status: 'running', updatedAt: second(3), durationMs: 3000 });
  // It began when it was planned, a second before its first rows were reported.
  expect(running.streams).toMatchObject([
    { status: 'running', read: 10, written: 10, bytes: 100, startedAt: second(1), durationMs: 1000 },
  ]);
  const done = viewOf([
    planned(['one']),
    progress,
    { type: 'finished', status: 'done', durationMs: 9, streams: [summary] },
  ]);
  expect(done).toMatchObject({ status: 'done', streams: [{ ...summary, method: 'FULL_TABLE', action: 'copy' }] });
});

test('a stream that an unfinished run has copied already is skipped from the beginning', () => {
  expect(viewOf([planned(['one'], 'skip')]).streams[0]?.status).toBe('skipped');
});

test('a failed stream stays failed, whatever is reported of it afterwards', () => {
  const failed = { type: 'failed', unit: 'one', streams: ['one'], error };
  const view = viewOf([planned(['one', 'two']), progress, failed, progress]);
  expect(view.streams).toMatchObject([{ status: 'failed', error }, { status: 'waiting' }]);
  expect(view.failures).toEqual([{ streams: ['one'], error }]);
});

test('all rejected rows are counted, and the first ten of a stream are kept', () => {
  const rejections = Array.from({ length: 12 }, (_, row) => ({
    type: 'rejected',
    unit: 'one',
    stream: 'one',
    row: `[${row}]`,
    code: 'outcome_unknown',
    message: 'lost',
  }));
  const [one] = viewOf([planned(['one']), ...rejections]).streams;
  expect(one?.rejected).toBe(12);
  expect(one?.rejections.map(({ row }) => row)).toEqual(rejections.slice(0, 10).map(({ row }) => row));
});

test('events of a stream that was not planned are ignored', () => {
  expect(viewOf([planned(['two']), progress]).streams).toMatchObject([{ stream: 'two', status: 'waiting' }]);
});

test('an error that ends a run is a failure of the run, but not once it was stopped', () => {
  const endedView = (events: readonly object[], isStopped: boolean) => {
    const run = runOf(events);
    run.end({ error, time: second(9), isStopped });
    return run.view();
  };
  const events = [planned(['one', 'two']), progress];
  expect(endedView(events, false)).toMatchObject({
    status: 'failed',
    durationMs: 9000,
    streams: [{ status: 'stopped', read: 10 }, { status: 'stopped' }],
    failures: [{ streams: [], error }],
  });
  expect(endedView(events, true)).toMatchObject({ status: 'stopped', failures: [] });
  expect(endedView([], false)).toMatchObject({ run: null, sequence: 0, status: 'failed' });
});

test('a view is plain JSON, and later events do not change it', () => {
  const run = runOf([planned(['one', 'two']), moved('beginning'), progress]);
  const before = run.view();
  const copy = structuredClone(before);
  const more = [
    moved('copying', { position: { after: 3 } }),
    progress,
    { type: 'failed', unit: 'one', streams: ['one'], error },
  ];
  for (const event of numbered(more)) run.add(event);
  const view = run.view();
  expect(JSON.parse(JSON.stringify(view))).toEqual(view);
  expect(view).not.toEqual(before);
  expect(before).toEqual(copy);
});

describe('the phase of a stream', () => {
  const position = { after: 3 };
  test.each([
    ['is absent while it waits', [], { status: 'waiting' }],
    ['is there from its first unit on', [moved('beginning')], { status: 'running', phase: 'beginning' }],
    ['comes with its position', [moved('copying', { position })], { phase: 'copying', position, startedAt: second(2) }],
    ['keeps the position until the next one', [moved('reading', { position }), moved('reading')], { position }],
    [
      'keeps the position at its end',
      [moved('reading', { position }), moved('done')],
      { status: 'done', phase: 'done', position },
    ],
    [
      'comes with the lag of its log',
      [moved('following', { position, lag: { milliseconds: 40 } })],
      { lag: { milliseconds: 40 } },
    ],
    ['stays failed', [moved('failed'), moved('copying')], { status: 'failed', phase: 'failed' }],
  ])('%s', (_, events, expected) => {
    expect(runOf([planned(['one']), ...events]).stream('one')).toMatchObject(expected);
  });

  test('has the phase beginning, and no failure, once a stream whose log was lost starts over', () => {
    const failed = { type: 'failed', unit: 'log', streams: ['one', 'two'], error };
    const run = runOf([planned(['one', 'two']), moved('following'), failed, moved('failed'), moved('beginning')]);
    expect(run.stream('one')).toMatchObject({ status: 'running', phase: 'beginning' });
    expect(run.stream('one')).not.toHaveProperty('error');
    expect(run.view().failures).toEqual([{ streams: ['two'], error }]);
  });

  test('drops the position of a copy that is complete', () => {
    const events = [planned(['one']), moved('copying', { position }), moved('sealing'), moved('done')];
    expect(runOf(events).stream('one')).not.toHaveProperty('position');
  });
});

test("the counts of a stream's units add up, even if one of them reads again", () => {
  const of = (unit: string, rows: number) => ({ type: 'progress', unit, stream: 'one', rows, bytes: rows * 10 });
  const saved = (unit: string, one: number) => ({ type: 'state_saved', unit, written: { one } });
  const events = [
    planned(['one']),
    of('a', 10),
    of('b', 5),
    of('a', 20),
    saved('a', 8),
    saved('b', 5),
    of('a', 8),
    saved('a', 9),
  ];
  expect(viewOf(events).streams).toMatchObject([{ read: 13, bytes: 130, written: 14 }]);
});

test('events of one stream take no longer among ten thousand streams than among ten', () => {
  const events = numbered(Array.from({ length: 20_000 }, (_, rows) => ({ ...progress, rows, bytes: rows })));
  const milliseconds = (streams: number): number => {
    const run = createRunReducer('a.yaml', second(0));
    for (const event of numbered([
      planned(Array.from({ length: streams }, (_, index) => (index === 0 ? 'one' : `${index}`))),
    ]))
      run.add(event);
    const before = performance.now();
    for (const event of events) run.add(event);
    return performance.now() - before;
  };
  milliseconds(10);
  const few = milliseconds(10);
  // A reducer that looks at each stream takes a thousand times as long.
  expect(milliseconds(10_000)).toBeLessThan(20 * few + 50);
});
