import type { SourceMessage } from 'c8connector';
import { expect, test } from 'vitest';
import { changedRead, sourceFindings } from '../../findings.ts';

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
      /^34 SCHEMA comes before the first record of its stream\n {2}expected: SCHEMA of 'generated' before its records\n {2}found: message 1 is its RECORDS/,
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
