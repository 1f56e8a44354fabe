import type { EventError } from 'c8connector';
import { expect, test } from 'vitest';
import { alertedAfter, failuresOf, newFailures } from '../../src/alerts/memory.ts';
import type { StreamView } from '../../src/run/stream-view.ts';
import { createRunReducer, type RunView } from '../../src/run/view.ts';

function errorOf(code: string): EventError {
  return { name: 'DataError', code, message: 'broken', exitCode: 1 };
}

function stream(name: string, status: StreamView['status']): StreamView {
  const counts = { read: 0, written: 0, rejected: 0, bytes: 0, durationMs: 0, retries: 0 };
  return { stream: name, status, method: 'FULL_TABLE', action: 'copy', rejections: [], ...counts };
}

/** A run that ended: its streams by what became of them, and its failures as stream and code; '' is the run as a whole. */
function run(
  status: RunView['status'],
  streams: Readonly<Record<string, StreamView['status']>>,
  failures: Readonly<Record<string, string>> = {},
): RunView {
  return {
    ...createRunReducer('a.yaml', '2026-01-01T00:00:00Z').view(),
    status,
    streams: Object.entries(streams).map(([name, of]) => stream(name, of)),
    failures: Object.entries(failures).map(([name, code]) => ({
      streams: name === '' ? [] : [name],
      error: errorOf(code),
    })),
  };
}

const alerted = [
  { stream: 'orders', code: 'value_refused' },
  { stream: '', code: 'login_refused' },
];

test('a failure is new only if its stream or code is different', () => {
  const failures = [
    { streams: ['orders'], error: errorOf('value_refused') },
    { streams: ['orders', 'users'], error: errorOf('disk_full') },
  ];
  const all = failuresOf({ ...run('failed', {}), failures });
  expect(newFailures(alerted, all)).toEqual(all.slice(1));
});

test('a success clears all alerted failures', () => {
  expect(alertedAfter(alerted, run('done', { users: 'done' }), true)).toEqual([]);
});

test('the alerts of a stream are kept while it is not read', () => {
  expect(alertedAfter(alerted, run('stopped', { orders: 'stopped' }), true)).toEqual(alerted);
  expect(alertedAfter(alerted, run('failed', {}, { '': 'state_locked' }), true)).toEqual([
    { stream: 'orders', code: 'value_refused' },
    { stream: '', code: 'state_locked' },
  ]);
});

test('a stream that was read counts with its newest failure, if that was sent', () => {
  const failed = run('failed', { orders: 'done', users: 'failed' }, { users: 'disk_full' });
  expect(alertedAfter(alerted, failed, true)).toEqual([{ stream: 'users', code: 'disk_full' }]);
  expect(alertedAfter(alerted, failed, false)).toEqual([]);
});
