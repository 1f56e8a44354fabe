import type { Catalog, CatalogEntry, SourceConnector } from 'c8connector';
import { expect, test } from 'vitest';
import { sourceFindings } from '../../findings.ts';

function changed(change: (catalog: Catalog) => Catalog) {
  return (honest: SourceConnector): Partial<SourceConnector> => ({
    discover: async (config, options) => change(await honest.discover(config, options)),
  });
}

function ofEach(change: (entry: CatalogEntry) => CatalogEntry) {
  return changed(({ streams }) => ({ streams: streams.map(change) }));
}

function withMetadata(metadata: object) {
  return ofEach((entry) => ({
    ...entry,
    metadata: [...entry.metadata, { breadcrumb: [], metadata: { ...metadata } }],
  }));
}

test.each<[number, string, ReturnType<typeof changed>]>([
  [28, "found: 'nobody'", ofEach((entry) => ({ ...entry, key_properties: ['nobody'] }))],
  [28, "'id' twice", ofEach((entry) => ({ ...entry, key_properties: ['id', 'id'] }))],
  [28, 'valid-replication-keys out of the columns', withMetadata({ 'valid-replication-keys': ['updated_at'] })],
  [
    28,
    "'id' of key_properties as a text, a number or a boolean",
    ofEach((entry) => ({
      ...entry,
      schema: { ...entry.schema, properties: { id: { type: 'object' } } },
      metadata: [],
    })),
  ],
  [
    28,
    "of 'gone'",
    ofEach((entry) => ({ ...entry, metadata: [{ breadcrumb: ['properties', 'gone'], metadata: {} }] })),
  ],
  [29, 'found: "SOMEHOW"', withMetadata({ 'forced-replication-method': 'SOMEHOW' })],
  [29, 'LOG_BASED only of a source', withMetadata({ 'forced-replication-method': 'LOG_BASED' })],
  [29, 'since forced-replication-method is INCREMENTAL', withMetadata({ 'forced-replication-method': 'INCREMENTAL' })],
  [29, 'nothing selected by discover', withMetadata({ selected: true })],
  [29, 'the same key_properties as table-key-properties', withMetadata({ 'table-key-properties': ['name'] })],
  [
    33,
    "'generated' in place 1",
    changed(({ streams }) => ({
      streams: [...streams.map((entry) => ({ ...entry, tap_stream_id: 'later' })), ...streams],
    })),
  ],
])('%i finds: %s', async (only, found, broken) => {
  const findings = await sourceFindings(broken, { only });
  expect(findings).toEqual([expect.stringContaining(found)]);
  expect(findings[0]).toMatch(new RegExp(`^${only} `));
});

test('33 finds columns whose order differs each time', async () => {
  let calls = 0;
  const findings = await sourceFindings(
    ofEach((entry) => {
      calls += 1;
      const properties = Object.entries(entry.schema.properties);
      if (calls % 2 === 0) properties.reverse();
      return { ...entry, schema: { ...entry.schema, properties: Object.fromEntries(properties) } };
    }),
    { only: 33 },
  );
  expect(findings).toEqual([expect.stringContaining("the columns of 'generated' again")]);
});

test('31 finds samples that take rows out of a queue, samples of all streams, and huge ones', async () => {
  const queue = await sourceFindings(
    (honest) => {
      let calls = 0;
      return {
        async samples(config, options) {
          calls += 1;
          const samples = await honest.samples(config, options);
          return samples.map(({ schema, data }) => ({ schema, data: data.slice(calls) }));
        },
      };
    },
    { only: 31 },
  );
  expect(queue).toEqual([expect.stringContaining("expected: 9 rows of 'generated' in every sample\n  found: 8 later")]);
  const unfiltered = await sourceFindings(
    (honest) => ({
      schemas: async (config) => [...(await honest.schemas(config)), { name: 'other', attributes: [] }],
    }),
    { only: 31 },
  );
  expect(unfiltered).toEqual([expect.stringContaining("schemas of 'generated' alone")]);
  const huge = await sourceFindings(
    (honest) => ({
      samples: async (config, options) =>
        (await honest.samples(config, options)).map(({ schema }) => ({
          schema,
          data: [{ name: 'x'.repeat(33_000_000) }],
        })),
    }),
    { only: 31 },
  );
  expect(huge).toEqual([expect.stringContaining('of at most 32000000 bytes')]);
});

test('23 finds a source whose samples take rows away, and a change that snapshot reports', async () => {
  let taken = 0;
  const eating = (honest: SourceConnector): Partial<SourceConnector> => ({
    async samples(config, options) {
      taken += 1;
      return await honest.samples(config, options);
    },
    read: (request) => honest.read({ ...request, config: { ...(request.config as object), rows: 25 - taken } }),
  });
  expect(await sourceFindings(eating, { only: 23 })).toEqual([
    expect.stringMatching(/expected: .*25 records.*found: 23/s),
  ]);
  expect(await sourceFindings(eating, { only: 23, snapshot: () => taken })).toEqual([
    expect.stringMatching(/what snapshot gave at first/),
  ]);
  expect(await sourceFindings(() => ({}), { only: 23, snapshot: () => 1 })).toEqual([]);
});
