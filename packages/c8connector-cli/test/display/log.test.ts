import { type Log, numberEvents, silentLog } from 'c8connector';
import { createRunReducer } from 'c8connector-host';
import { afterEach, expect, test, vi } from 'vitest';
import { createEventLog } from '../../src/display/log.ts';

afterEach(() => vi.useRealTimers());

/** What is logged, and a run whose events go there, at seconds that are given. */
function logged() {
  vi.useFakeTimers();
  const lines: string[] = [];
  const info: Log['info'] = (message, { stream, rows, phase } = {}) =>
    lines.push([message, stream, rows ?? phase].join(' '));
  const onEvent = createEventLog({ ...silentLog, info });
  const run = createRunReducer('a.yaml', new Date(0).toISOString());
  const emit = numberEvents('r', (event) => {
    run.add(event);
    onEvent(event, run);
  });
  const at = (second: number, body: Parameters<typeof emit>[0]): void => {
    vi.setSystemTime(second * 1000);
    emit(body);
  };
  const planned = ['one', 'two'].map((stream) => ({ stream, method: 'FULL_TABLE', action: 'copy' }) as const);
  at(0, { type: 'planned', isResumed: false, streams: planned, units: [] });
  lines.length = 0;
  return { lines, at };
}

test('the progress of each stream is logged every five seconds, with the rows of all its units', () => {
  const { lines, at } = logged();
  const read = (unit: string, stream: string, second: number, rows: number) =>
    at(second, { type: 'progress', unit, stream, rows, bytes: 0 });
  read('one/copy/1', 'one', 0, 1000);
  for (let second = 0; second <= 12; second += 1) read('one/copy/0', 'one', second, second);
  for (let second = 12; second <= 18; second += 1) read('two/copy/0', 'two', second, second);
  expect(lines).toEqual(['progress one 1005', 'progress one 1010', 'progress two 17']);
});

test('each phase of a stream is logged, and where it is within one every five seconds', () => {
  const { lines, at } = logged();
  const phase = (second: number, phase: 'beginning' | 'following' | 'done') =>
    at(second, { type: 'stream', unit: 'log', stream: 'one', phase, position: { lsn: second } });
  phase(0, 'beginning');
  for (let second = 0; second <= 12; second += 1) phase(second, 'following');
  phase(12, 'done');
  expect(lines).toEqual([
    'stream one beginning',
    'stream one following',
    'stream one following',
    'stream one following',
    'stream one done',
  ]);
});
