import type { EventError, RunEvent } from 'c8connector';
import { expect, test } from 'vitest';
import { alertMessage } from '../../src/alerts/message.ts';
import { watchRun } from '../../src/run/view.ts';

const error: EventError = {
  name: 'DataError',
  code: 'value_refused',
  message: 'bad',
  remedy: 'Correct it.',
  exitCode: 1,
};

function watch(events: readonly object[], isStopped = false) {
  const run = watchRun('a.yaml', () => isStopped);
  for (const event of events) run.onEvent({ ...event, run: 'r', at: '2026-01-01T00:00:00Z' } as unknown as RunEvent);
  return run;
}

test('an error that ends a run is a failure of the run, but not once it was stopped', () => {
  expect(watch([]).result(error)).toMatchObject({ status: 'failed', failures: [{ stream: '', error }] });
  expect(watch([], true).result(error)).toMatchObject({ status: 'stopped', failures: [] });
});

test('many rejected rows make one message with their number and the first five', () => {
  const rejections = Array.from({ length: 1200 }, (_, row) => {
    const stream = row < 1000 ? 'one' : 'two';
    return {
      type: 'rejected',
      unit: stream,
      stream,
      row: `[${row}]`,
      code: 'outcome_unknown',
      message: 'lost',
    } as const;
  });
  const message = alertMessage('rejected', watch(rejections).result(), []);
  expect(message).toMatchObject({ rows: '1200', stream: 'one, two', code: 'outcome_unknown', error: 'lost' });
  expect(message?.summary.split('\n')).toEqual([
    'a.yaml: 1,200 rows were left out',
    ...[0, 1, 2, 3, 4].map((row) => `one [${row}]: outcome_unknown: lost`),
    'and 1,195 more',
    expect.stringMatching(/^Next: Look in the service/),
  ]);
});

test('changes of the columns of a stream are told together', () => {
  const change = {
    type: 'schema_changed',
    unit: 'one',
    stream: 'one',
    added: ['a'],
    removed: [],
    changed: [],
  } as const;
  const run = watch([change, { ...change, added: ['b'], changed: ['c'] }]).result();
  expect(alertMessage('schema_change', run, [])?.summary).toContain('\none: added a, b; changed c\n');
});

test('streams that failed together share a line, and what is no news is not told', () => {
  const streams = ['a', 'b', 'c', 'd', 'e', 'f'];
  const run = watch([{ type: 'failed', unit: 'log', streams, error }]).result();
  expect(alertMessage('failure', run, run.failures)).toMatchObject({
    stream: 'a, b, c, d, e and 1 more',
    error: 'bad',
  });
  const summary = alertMessage('failure', run, run.failures)?.summary.split('\n');
  expect(summary?.slice(1)).toEqual(['stream a, b, c, d, e and 1 more: value_refused: bad', 'Next: Correct it.']);
  expect(alertMessage('failure', run, [])).toBeUndefined();
});
