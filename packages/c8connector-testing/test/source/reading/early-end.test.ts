import type { SourceConnector } from 'c8connector';
import { expect, test } from 'vitest';
import { findings } from '../broken-source.ts';

test('41 finds a connector that cannot read again after a read that was ended early', async () => {
  let isBusy = false;
  const members = (honest: SourceConnector): Partial<SourceConnector> => ({
    async *read(request) {
      if (isBusy) throw new Error('the connection is in use');
      isBusy = request.state === undefined;
      yield* honest.read(request);
      isBusy = false;
    },
  });
  expect(await findings(41, { members })).toEqual([expect.stringContaining('found: Error: the connection is in use')]);
});
