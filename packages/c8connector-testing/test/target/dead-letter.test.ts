import type { Row, TargetConnector, WriteRequest } from 'c8connector';
import { expect, test } from 'vitest';
import { targetFindings } from '../findings.ts';

const badRow = {
  properties: { id: { type: 'integer' }, amount: { type: 'integer' } },
  good: { id: 1, amount: 1 },
  bad: { id: 2, amount: -1 },
} as const;

/** Stores all rows but those with a negative amount, which it reports. */
function refusing(
  stored: Map<string, Row[]>,
  refuse: (request: WriteRequest, stream: string) => void,
): Pick<TargetConnector, 'write'> {
  return {
    async *write(messages, request) {
      for await (const message of messages) {
        if (message.type === 'FLUSH') yield message.state;
        if (message.type !== 'RECORDS') continue;
        for (const row of message.rows()) {
          if (Number(row.amount) < 0) refuse(request, message.stream);
          else stored.set(message.stream, [...(stored.get(message.stream) ?? []), row]);
        }
      }
    },
  };
}

const rejection = { row: '[2]', code: 'row_refused', message: 'amount is negative' };

test('71 finds nothing when a bad row is reported and the run continues', async () => {
  const found = await targetFindings(
    (_honest, stored) => refusing(stored, ({ onRejected }, stream) => onRejected?.({ stream, ...rejection })),
    { badRow, only: 71 },
  );
  expect(found).toEqual([]);
});

test.each([
  [
    'a run that stops at a bad row',
    () => {
      throw new Error('amount is negative');
    },
    'expected: a run that continues after a bad row\n  found: Error: amount is negative',
  ],
  ['a bad row that is left out in silence', () => undefined, 'expected: one call of onRejected\n  found: 0 calls'],
  [
    'a rejection without a reason',
    ({ onRejected }: WriteRequest, stream: string) => onRejected?.({ stream, ...rejection, message: '' }),
    'that names its row, a code and a reason',
  ],
])('71 finds %s', async (_name, refuse, expected) => {
  const found = await targetFindings((_honest, stored) => refusing(stored, refuse), { badRow, only: 71 });
  expect(found).toEqual([expect.stringContaining(expected)]);
});

test('71 finds a bad row that is stored anyway', async () => {
  const found = await targetFindings(
    (honest) => ({
      async *write(messages, request) {
        yield* honest.write(messages, request);
        request.onRejected?.({ stream: request.run.unit, ...rejection });
      },
    }),
    { badRow, only: 71 },
  );
  expect(found).toEqual([expect.stringContaining('found: 3 rows: 1 unexpected')]);
});
