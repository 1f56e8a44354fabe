import { Batch } from 'c8connector';
import { expect, test } from 'vitest';
import { topLevelKeys } from '../../../src/source/reading/declared-fields.ts';
import { changedRead, sourceFindings } from '../../findings.ts';

/** The findings on a source whose batches are created again from the text of their lines. */
async function findingsWith(change: (text: string) => string, count = (honest: number) => honest): Promise<string[]> {
  return await sourceFindings((honest) =>
    changedRead(honest, async function* (messages) {
      for await (const message of messages) {
        if (message.type !== 'RECORDS') {
          yield message;
          continue;
        }
        yield Batch.ofLines(
          message,
          Buffer.from(change(Buffer.from(message.lines()).toString())),
          count(message.count),
        );
      }
    }),
  );
}

test.each<[string, (text: string) => string, string]>([
  ['a column that is not declared', (text) => text.replace('{"id":7', '{"secret":1,"id":7'), "found: column 'secret'"],
  ['a column that comes twice', (text) => text.replace('{"id":7', '{"id":8,"id":7'), "found: 'id' twice"],
  [
    'columns in another order',
    (text) => text.replace('"id":7,"name":"row 7"', '"name":"row 7","id":7'),
    'found: ["name","id","amount"]',
  ],
])('36 and nothing else finds %s', async (_name, change, found) => {
  const findings = await findingsWith(change);
  expect(findings).toEqual([expect.stringContaining(found)]);
  expect(findings[0]).toMatch(/^36 /);
});

test('36 finds a batch that counts wrongly', async () => {
  const findings = await findingsWith(
    (text) => text,
    (count) => count + 1,
  );
  expect(findings).toEqual([
    expect.stringMatching(/^36 .*expected: stream 'generated': 11 lines, as the batch counts\n {2}found: 10 lines/s),
  ]);
});

test('36 finds a row with a column that is not declared, even if its lines do not have the column', async () => {
  const findings = await sourceFindings((honest) =>
    changedRead(honest, async function* (messages) {
      for await (const message of messages) {
        yield message.type === 'RECORDS'
          ? Batch.ofRows(
              message,
              message.rows().map((row) => ({ ...row, more: 1 })),
            )
          : message;
      }
    }),
  );
  expect(findings).toEqual([expect.stringMatching(/^36 .*found: column 'more'/s)]);
});

test('finds the keys of the object itself, those that come twice too', () => {
  expect(topLevelKeys('{"a":{"x":[{"y":1}]},"b\\u0022":"{\\"no\\":1,","a":[",","z"], "c" : null}')).toEqual([
    'a',
    'b"',
    'a',
    'c',
  ]);
  expect(topLevelKeys('{}')).toEqual([]);
});
