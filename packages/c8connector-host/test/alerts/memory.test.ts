import { expect, test } from 'vitest';
import { newFailures, toldAfter } from '../../src/alerts/memory.ts';
import type { Failure, SeenRun } from '../../src/run/view.ts';

function failure(stream: string, code: string): Failure {
  return { stream, error: { name: 'DataError', code, message: 'broken', exitCode: 1 } };
}

function run(status: SeenRun['status'], tried: readonly string[], failures: readonly Failure[]): SeenRun {
  const rejected = { count: 0, streams: new Set<string>(), first: [] };
  const rest = { connection: 'a.yaml', streams: [], changes: new Map(), written: 0, durationMs: 1 };
  return { ...rest, status, tried: new Set(tried), failures, rejected };
}

const told = [
  { stream: 'orders', code: 'value_refused' },
  { stream: '', code: 'login_refused' },
];

test('only another stream or another code is news', () => {
  const failures = [failure('orders', 'value_refused'), failure('orders', 'disk_full'), failure('users', 'disk_full')];
  expect(newFailures(told, failures)).toEqual(failures.slice(1));
});

test('a success forgets all that was told', () => {
  expect(toldAfter(told, run('done', ['users'], []), () => true)).toEqual([]);
});

test('what was told of a stream stays while it is not tried', () => {
  expect(toldAfter(told, run('stopped', [], []), () => true)).toEqual(told);
  expect(toldAfter(told, run('failed', [], [failure('', 'state_locked')]), () => true)).toEqual([
    { stream: 'orders', code: 'value_refused' },
    { stream: '', code: 'state_locked' },
  ]);
});

test('a stream that was tried is told of by its newest failure, if that was sent', () => {
  const failed = run('failed', ['orders', 'users'], [failure('users', 'disk_full')]);
  expect(toldAfter(told, failed, () => true)).toEqual([{ stream: 'users', code: 'disk_full' }]);
  expect(toldAfter(told, failed, () => false)).toEqual([]);
});
