import { type Log, type RunEvent, silentLog } from 'c8connector';
import { expect, test } from 'vitest';
import { createEventLog } from '../../src/display/log.ts';

test('the progress of a stream is logged every five seconds, each stream for itself', () => {
  const logged: string[] = [];
  const info: Log['info'] = (message, details = {}) => logged.push(`${message} ${details.stream} ${details.rows}`);
  const log = { ...silentLog, info };
  const onEvent = createEventLog(log);
  const tell = (stream: string, second: number): void => {
    const at = new Date(second * 1000).toISOString();
    onEvent({ type: 'progress', run: 'r', at, unit: stream, stream, rows: second, bytes: 0 } satisfies RunEvent);
  };
  for (let second = 0; second <= 12; second += 1) tell('one', second);
  for (let second = 12; second <= 18; second += 1) tell('two', second);
  expect(logged).toEqual(['progress one 5', 'progress one 10', 'progress two 17']);
});
