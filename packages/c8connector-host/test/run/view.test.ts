import { expect, test } from 'vitest';
import { endRun, newRunView } from '../../src/run/view.ts';
import { error, planned, second, viewOf } from './events.ts';

const progress = { type: 'progress', unit: 'one', stream: 'one', rows: 10, bytes: 100 };
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

test('a stream that failed stays so, whatever is still reported of it', () => {
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

test('what is reported of a stream that was not planned is left out', () => {
  expect(viewOf([planned(['two']), progress]).streams).toMatchObject([{ stream: 'two', status: 'waiting' }]);
});

test('an error that ends a run is a failure of the run, but not once it was stopped', () => {
  const view = viewOf([planned(['one', 'two']), progress]);
  const ended = { error, time: second(9) };
  expect(endRun(view, { ...ended, isStopped: false })).toMatchObject({
    status: 'failed',
    durationMs: 9000,
    streams: [{ status: 'stopped', read: 10 }, { status: 'stopped' }],
    failures: [{ streams: [], error }],
  });
  expect(endRun(view, { ...ended, isStopped: true })).toMatchObject({ status: 'stopped', failures: [] });
  expect(endRun(newRunView('a.yaml', second(0)), { ...ended, isStopped: false })).toMatchObject({
    run: null,
    status: 'failed',
  });
});

test('a view is plain JSON, and events leave the view before them alone', () => {
  const events = [planned(['one']), progress, { type: 'failed', unit: 'one', streams: ['one'], error }];
  const before = viewOf(events.slice(0, 2));
  const copy = structuredClone(before);
  const view = viewOf(events);
  expect(JSON.parse(JSON.stringify(view))).toEqual(view);
  expect(before).toEqual(copy);
});
