import { Batch, type SourceConnector, type SourceMessage } from 'c8connector';
import { expect, test } from 'vitest';
import { changedRead, sourceFindings } from '../../findings.ts';

/** The findings on a source whose batches are made anew from the text of their lines. */
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

test('34 and nothing else finds records before their SCHEMA', async () => {
  const findings = await sourceFindings((honest) =>
    changedRead(honest, async function* (messages) {
      const late: SourceMessage[] = [];
      for await (const message of messages) {
        if (message.type === 'SCHEMA') late.push(message);
        else yield message;
      }
      yield* late;
    }),
  );
  expect(findings).toEqual([
    expect.stringMatching(
      /^34 SCHEMA stands before the first record of its stream\n {2}expected: SCHEMA of 'generated' before its records\n {2}found: message 3 is its RECORDS/,
    ),
  ]);
});

test('34 finds a batch with another schema than that of the SCHEMA', async () => {
  const findings = await sourceFindings((honest) =>
    changedRead(honest, async function* (messages) {
      for await (const message of messages) {
        yield message.type === 'SCHEMA' ? { ...message, schema: { ...message.schema, title: 'changed' } } : message;
      }
    }),
  );
  expect(findings).toEqual([
    expect.stringContaining("expected: batches of 'generated' with the schema of the last SCHEMA"),
  ]);
});

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

test('36 finds a row with a column that is not declared, though its lines leave the column out', async () => {
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
      yield* honest.read({ ...request, integration: { password: 'open sesame', rows: 25 - reads } });
    },
  });
  expect(await sourceFindings(fewer, { only: 38 })).toEqual([
    expect.stringContaining(
      "expected: stream 'generated': 24 records, as in the first read\n  found: 23 in the second",
    ),
  ]);
});
