import type { SourceConnector, SourceMessage } from 'c8connector';
import { expect, test } from 'vitest';
import { endless } from '../../hand-written.ts';
import { findings } from '../broken-source.ts';

test('49 finds a source that runs ahead of its reader', async () => {
  const members = (honest: SourceConnector): Partial<SourceConnector> => ({
    read: (request) => ({
      async *[Symbol.asyncIterator]() {
        const queue: SourceMessage[] = [];
        let isOver = false;
        void (async () => {
          for await (const message of honest.read(request)) {
            queue.push(message);
            if (queue.length > 20) queue.splice(2, 10);
            if (queue.length % 4 === 0) await new Promise((resolve) => setImmediate(resolve));
            if (isOver) return;
          }
        })();
        try {
          for (;;) {
            const [message] = queue.splice(0, 1);
            if (message === undefined) await new Promise((resolve) => setImmediate(resolve));
            else yield message;
          }
        } finally {
          isOver = true;
        }
      },
    }),
  });
  expect(await findings(49, { tables: { endless }, habits: { pageRows: 100 }, members })).toEqual([
    expect.stringContaining('expected: a source that rests while nobody asks for more'),
  ]);
}, 20_000);
