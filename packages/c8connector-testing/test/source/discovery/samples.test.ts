import type { Row, Sample } from 'c8connector';
import { expect, test } from 'vitest';
import { changedRead, sourceFindings } from '../../findings.ts';
import { richStreams } from '../../rich-streams.ts';

async function findingsWith(change: (rows: readonly Row[]) => readonly Row[]): Promise<string[]> {
  return await sourceFindings((honest) => ({
    async samples(config, options) {
      const samples: Sample[] = await honest.samples(config, options);
      return samples.map(({ schema, data }) => ({ schema, data: change(data) }));
    },
  }));
}

test.each<[string, (rows: readonly Row[]) => readonly Row[], string]>([
  ['more than ten rows', (rows) => [...rows, ...rows], "expected: at most 10 rows of 'generated'\n  found: 20 rows"],
  [
    'a value of another type',
    (rows) => rows.map((row) => ({ ...row, id: String(row.id) })),
    "expected: stream 'generated': 'id' as long\n  found: \"0\"",
  ],
  ['a fraction in an integer column', (rows) => rows.map((row) => ({ ...row, id: 1.5 })), "'id' as long\n  found: 1.5"],
  ['a column that schemas lacks', (rows) => rows.map((row) => ({ ...row, more: 1 })), "found: column 'more'"],
])('30 and nothing else finds %s', async (_name, change, found) => {
  const findings = await findingsWith(change);
  expect(findings).toEqual([expect.stringContaining(found)]);
  expect(findings[0]).toMatch(/^30 samples have at most 10 rows, with the types of schemas/);
});

test('30 finds a sample whose schema differs from schemas', async () => {
  const findings = await sourceFindings((honest) => ({
    schemas: async (config) => (await honest.schemas(config)).map((schema) => ({ ...schema, attributes: [] })),
  }));
  expect(findings).toEqual([
    expect.stringContaining("expected: the sample of 'generated' with the schema that schemas gives"),
  ]);
});

test('32 and nothing else finds an empty stream without its SCHEMA', async () => {
  const findings = await sourceFindings(
    (honest) =>
      changedRead(honest, async function* (messages) {
        for await (const message of messages)
          if (message.type !== 'SCHEMA' || message.stream !== 'nothing') yield message;
      }),
    { config: { password: 'open sesame', streams: richStreams } },
  );
  expect(findings).toEqual([expect.stringMatching(/^32 .*expected: SCHEMA of 'nothing'\n {2}found: none/s)]);
});

test('32 finds that the stream which emptyStream names has rows', async () => {
  expect(await sourceFindings(() => ({}), { emptyStream: 'generated' })).toEqual([
    expect.stringContaining("expected: no records of 'generated'"),
  ]);
});
