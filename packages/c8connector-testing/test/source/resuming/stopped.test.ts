import type { SourceConnector } from 'c8connector';
import { expect, test } from 'vitest';
import { bookmarked, findings } from '../broken-source.ts';

test('47 finds an abort that is reported as an error', async () => {
  const members = (honest: SourceConnector): Partial<SourceConnector> => ({
    async *read(request) {
      yield* honest.read(request);
      if (request.signal.aborted) throw new Error('interrupted');
    },
  });
  expect(await findings(47, { members })).toEqual([expect.stringContaining('found: Error: interrupted')]);
});

test('47 finds an aborted read that reports everything as done', async () => {
  const members = (honest: SourceConnector): Partial<SourceConnector> => ({
    async *read(request) {
      yield* honest.read(request);
      if (request.signal.aborted) yield bookmarked(11);
    },
  });
  expect(await findings(47, { members })).toEqual([
    expect.stringContaining('the last STATE of a read that was aborted at the first message'),
  ]);
});
