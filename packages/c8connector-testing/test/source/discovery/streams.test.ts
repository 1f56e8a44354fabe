import type { Catalog } from 'c8connector';
import { expect, test } from 'vitest';
import { sourceFindings } from '../../findings.ts';

/** The findings on a source whose catalog is changed for whoever looks at it; it reads as before. */
async function findingsWith(change: (catalog: Catalog) => Catalog): Promise<string[]> {
  return await sourceFindings(
    (honest) => ({ discover: async (config, options) => change(await honest.discover(config, options)) }),
    { streams: ['generated'] },
  );
}

test('26 finds a source without streams', async () => {
  const findings = await sourceFindings(() => ({ discover: async () => ({ streams: [] }) }));
  expect(findings[0]).toMatch(/^26 .*expected: at least one stream\n {2}found: \{"streams":\[\]\}/s);
});

test('26 finds a stream that comes twice', async () => {
  const [first] = await findingsWith(({ streams }) => ({
    streams: streams.flatMap((entry) => [entry, { ...entry, metadata: [] }]),
  }));
  expect(first).toMatch(/^26 .*found: 'generated' twice/s);
});

test.each<[string, Readonly<Record<string, unknown>>, string]>([
  [
    'a type that does not exist',
    { properties: { id: { type: 'texty' } } },
    'schema/properties/id/type must be equal to one of the allowed values',
  ],
  [
    'a reference to nothing',
    { properties: { id: { $ref: '#/definitions/id' } } },
    "can't resolve reference #/definitions/id",
  ],
  [
    'a keyword of the wrong kind',
    { properties: { id: { type: 'string', maxLength: 'ten' } } },
    'schema/properties/id/maxLength must be integer',
  ],
  [
    'a step of zero, which 10^-330 is as a double',
    { properties: { id: { type: 'number', multipleOf: Number('1e-330') } } },
    'schema/properties/id/multipleOf must be > 0',
  ],
  [
    'a step that JSON writes as null, which 10^400 is as a double',
    { properties: { id: { type: 'number', multipleOf: Number('1e400') } } },
    'schema/properties/id/multipleOf must be number',
  ],
  ['a schema of no object', { type: 'string', properties: {} }, "expected: stream 'other': type object"],
])('27 and nothing else finds %s', async (_name, schema, found) => {
  const findings = await findingsWith(({ streams }) => ({
    streams: [
      ...streams,
      { tap_stream_id: 'other', stream: 'other', metadata: [], schema: { type: 'object', properties: {}, ...schema } },
    ],
  }));
  expect(findings).toEqual([expect.stringContaining(found)]);
  expect(findings[0]).toMatch(/^27 /);
});
