import { expect, test } from 'vitest';
import { eventsSchema } from '../../../../scripts/reference/events-schema.mjs';
import schema from '../../events.schema.json' with { type: 'json' };
import type { RunEvent } from '../../src/index.ts';
import { isPublished } from '../fixtures/checked-events.ts';

const header = { run: 'r', at: '2026-01-01T00:00:00.000Z', sequence: 1, version: 1 } as const;
const error = { name: 'DataError', code: 'value_refused', message: 'bad', remedy: 'Correct it.', exitCode: 1 } as const;
const counts = { read: 3, written: 2, rejected: 1, bytes: 30, durationMs: 7 };

/** One of each type, with all its members: a type that is added to the union belongs here as well. */
const examples: { readonly [T in RunEvent['type']]: Required<Extract<RunEvent, { readonly type: T }>> } = {
  planned: {
    ...header,
    type: 'planned',
    isResumed: false,
    streams: [{ stream: 's', method: 'LOG_BASED', estimate: 3, action: 'copy' }],
    units: [{ unit: 's/begin', kind: 'begin', streams: ['s'] }],
  },
  stream: {
    ...header,
    type: 'stream',
    unit: 'log',
    stream: 's',
    phase: 'following',
    position: { lsn: '0/16', at: [null, true, 1.5] },
    lag: { milliseconds: 10, bytes: 200 },
  },
  progress: { ...header, type: 'progress', unit: 's/copy/0', stream: 's', rows: 3, bytes: 30 },
  state_saved: { ...header, type: 'state_saved', unit: 's/copy/0', written: { s: 2 } },
  schema_changed: {
    ...header,
    type: 'schema_changed',
    unit: 's/copy/0',
    stream: 's',
    added: ['a'],
    removed: [],
    changed: [],
  },
  rejected: { ...header, type: 'rejected', unit: 's/copy/0', stream: 's', row: '[1]', code: 'c', message: 'm' },
  retry: { ...header, type: 'retry', unit: 's/copy/0', streams: ['s'], attempt: 1, delayMs: 900, error },
  failed: { ...header, type: 'failed', unit: 's/copy/0', streams: ['s'], error },
  finished: {
    ...header,
    type: 'finished',
    status: 'failed',
    durationMs: 9,
    streams: [{ stream: 's', status: 'failed', ...counts }],
  },
};
const all = Object.entries(examples);

test('the published schema is that of the types', () => {
  expect(schema).toEqual(eventsSchema());
});

test.each(all)('an event %s is valid with all its members, and names them all', (_, event) => {
  expect(isPublished(event) ? [] : isPublished.errors).toEqual([]);
});

test.each(all.flatMap(([type, event]) => Object.keys(event).map((member) => [type, member] as const)))(
  'of an event %s the schema knows the member %s',
  (type, member) => {
    const event: object = examples[type as RunEvent['type']];
    expect(isPublished({ ...event, [member]: () => undefined })).toBe(false);
    expect(isPublished({ ...event, [`${member}_`]: 1 })).toBe(false);
  },
);
