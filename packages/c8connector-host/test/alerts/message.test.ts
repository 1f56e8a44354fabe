import { expect, test } from 'vitest';
import { failuresOf } from '../../src/alerts/memory.ts';
import { alertMessage } from '../../src/alerts/message.ts';
import { error, planned, viewOf } from '../run/events.ts';

test('many rejected rows make one message with their number and the first five', () => {
  const rejections = Array.from({ length: 1200 }, (_, row) => {
    const stream = row < 1000 ? 'one' : 'two';
    return { type: 'rejected', unit: stream, stream, row: `[${row}]`, code: 'outcome_unknown', message: 'lost' };
  });
  const message = alertMessage('rejected', viewOf([planned(['one', 'two']), ...rejections]), []);
  expect(message).toMatchObject({ rows: '1200', stream: 'one, two', code: 'outcome_unknown', error: 'lost' });
  expect(message?.summary.split('\n')).toEqual([
    'a.yaml: 1,200 rows were left out',
    ...[0, 1, 2, 3, 4].map((row) => `one [${row}]: outcome_unknown: lost`),
    'and 1,195 more',
    expect.stringMatching(/^Next: Check in the service/),
  ]);
});

test('column changes of a stream are in one line', () => {
  const change = { type: 'schema_changed', unit: 'one', stream: 'one', added: ['a'], removed: [], changed: [] };
  const view = viewOf([planned(['one']), change, { ...change, added: ['b'], changed: ['c'] }]);
  expect(alertMessage('schema_change', view, [])?.summary).toContain('\none: added a, b; changed c\n');
});

test('streams that failed together share a line, and a failure that is not new has no message', () => {
  const streams = ['a', 'b', 'c', 'd', 'e', 'f'];
  const view = viewOf([planned(streams), { type: 'failed', unit: 'log', streams, error }]);
  const failures = failuresOf(view);
  expect(alertMessage('failure', view, failures)).toMatchObject({ stream: 'a, b, c, d, e and 1 more', error: 'bad' });
  const summary = alertMessage('failure', view, failures)?.summary.split('\n');
  expect(summary?.slice(1)).toEqual(['stream a, b, c, d, e and 1 more: value_refused: bad', 'Next: Correct it.']);
  expect(alertMessage('failure', view, [])).toBeUndefined();
});
