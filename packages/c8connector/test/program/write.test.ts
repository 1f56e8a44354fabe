import { getEventListeners } from 'node:events';
import { createStop, type Row, silentLog, writeFromInput } from 'c8connector';
import { expect, test } from 'vitest';
import { memoryTarget } from '../fixtures/memory-target.ts';

test('reading the input of a target does not add a listener per chunk to the signals of the program', async () => {
  const stored = new Map<string, Row[]>();
  const stop = createStop();
  let most = 0;
  async function* chunks() {
    yield Buffer.from('{"type":"SCHEMA","stream":"a","schema":{"properties":{"id":{}}},"key_properties":[]}\n');
    for (let id = 0; id < 500; id++) {
      await new Promise(setImmediate);
      most = Math.max(most, ...[stop.graceful, stop.forced].map((signal) => getEventListeners(signal, 'abort').length));
      yield Buffer.from(`{"type":"RECORD","stream":"a","record":{"id":${id}}}\n`);
    }
  }
  const request = { config: { password: 'open sesame' }, input: chunks(), stop, log: silentLog };
  await writeFromInput(new (memoryTarget(stored))(), request, { write: async () => undefined });
  expect(stored.get('a')).toHaveLength(500);
  expect(most).toBeLessThan(5);
});
