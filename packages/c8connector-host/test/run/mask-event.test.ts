import type { RunEvent } from 'c8connector';
import { expect, test } from 'vitest';
import { createEventMask } from '../../src/run/mask-event.ts';
import { error, planned, second } from './events.ts';

const counts = { read: 1, written: 1, rejected: 0, bytes: 10, durationMs: 7 };
const events = [
  { ...planned(['list-1']), units: [{ unit: 'list-1', kind: 'copy', streams: ['list-1'] }] },
  { type: 'stream', unit: 'list-1', stream: 'list-1', phase: 'copying', position: { list: ['a list', 7, null] } },
  { type: 'progress', unit: 'list-1', stream: 'list-1', rows: 1, bytes: 10 },
  { type: 'state_saved', unit: 'list-1', written: { 'list-1': 1 } },
  { type: 'schema_changed', unit: 'list-1', stream: 'list-1', added: ['list'], removed: ['a'], changed: [] },
  { type: 'rejected', unit: 'list-1', stream: 'list-1', row: '["list"]', code: 'value_refused', message: 'no list' },
  { type: 'failed', unit: 'list-1', streams: ['list-1'], error: { ...error, message: 'list', remedy: 'list' } },
  { type: 'finished', status: 'done', durationMs: 9, streams: [{ stream: 'list-1', status: 'done', ...counts }] },
].map((event) => ({ run: 'r', at: second(0), sequence: 7, version: 1, ...event }) as RunEvent);

test('the texts of every kind of event are masked, and nothing else', () => {
  const maskEvent = createEventMask({ mask: (text) => text.replaceAll('list', '[secret]') });
  for (const event of events) {
    const expected = JSON.parse(JSON.stringify(event).replaceAll('list', '[secret]'));
    expect(maskEvent(event)).toEqual(expected);
  }
});

test('a secret that is a word or a number of the events changes neither', () => {
  const maskEvent = createEventMask({ mask: (text) => text.replaceAll(/done|copy|finished|7/g, '[secret]') });
  expect(events.map(maskEvent)).toEqual(events);
});
