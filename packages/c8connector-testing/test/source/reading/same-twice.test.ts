import { Batch, type SourceConnector } from 'c8connector';
import { expect, test } from 'vitest';
import { changedRead, sourceFindings } from '../../findings.ts';
import { endless } from '../../hand-written.ts';
import { findings, withRows } from '../broken-source.ts';

test('38 finds a second read that differs in a value', async () => {
  let reads = 0;
  const change = (honest: SourceConnector) =>
    changedRead(honest, async function* (messages) {
      reads += 1;
      const price = `7.5${reads}`;
      for await (const message of messages) {
        if (message.type !== 'RECORDS') yield message;
        else
          yield Batch.ofLines(
            message,
            Buffer.from(Buffer.from(message.lines()).toString().replace('7.50', price)),
            message.count,
          );
      }
    });
  expect(await sourceFindings(change, { only: 38 })).toEqual([
    expect.stringMatching(/^38 .*found: only in one read, or another number of times: \{"id":7,/s),
  ]);
});

test('38 finds a second read with fewer records', async () => {
  let reads = 0;
  const fewer = (honest: SourceConnector): Partial<SourceConnector> => ({
    async *read(request) {
      reads += 1;
      yield* honest.read({ ...request, config: { password: 'open sesame', rows: 25 - reads } });
    },
  });
  expect(await sourceFindings(fewer, { only: 38 })).toEqual([
    expect.stringContaining(
      "expected: stream 'generated': 24 records, as in the first read\n  found: 23 in the second",
    ),
  ]);
});

test('38 finds a record of a long stream that differs in the second read', async () => {
  let reads = 0;
  const found = await findings(38, {
    tables: { endless },
    members: (honest) => ({
      async *read(request) {
        reads += 1;
        const read = reads;
        for await (const message of honest.read(request))
          yield message.type === 'RECORDS' ? withRows(message, (row) => ({ ...row, name: `read ${read}` })) : message;
      },
    }),
  });
  expect(found).toEqual([expect.stringMatching(/^38 .*expected: stream 'endless': the same record twice/s)]);
});
