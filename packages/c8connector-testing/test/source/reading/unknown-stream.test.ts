import type { SourceConnector } from 'c8connector';
import { expect, test } from 'vitest';
import { type Change, findings } from '../broken-source.ts';

test.each<[string, Change | undefined, string]>([
  ['silence', () => (async function* () {})(), 'found: no error'],
  [
    'an error without a class',
    () =>
      (async function* () {
        yield* [];
        throw new Error('no such stream: c8_no_such_stream');
      })(),
    'found: Error: no such stream',
  ],
])('39 finds %s about an unknown stream', async (_name, instead, found) => {
  const members = (honest: SourceConnector): Partial<SourceConnector> => ({
    read: (request) => {
      const isUnknown = request.catalog.streams.some((entry) => entry.tap_stream_id === 'c8_no_such_stream');
      return isUnknown && instead ? instead(honest.read(request)) : honest.read(request);
    },
  });
  expect(await findings(39, { members })).toEqual([expect.stringContaining(found)]);
});

test('39 finds a source that ignores an unknown stream beside a known one', async () => {
  const members = (honest: SourceConnector): Partial<SourceConnector> => ({
    read: (request) => {
      const streams = request.catalog.streams.filter((entry) => entry.tap_stream_id !== 'c8_no_such_stream');
      return honest.read(streams.length === 0 ? request : { ...request, catalog: { streams } });
    },
  });
  expect(await findings(39, { members })).toEqual([expect.stringContaining("an unknown stream beside 'numbers'")]);
});
