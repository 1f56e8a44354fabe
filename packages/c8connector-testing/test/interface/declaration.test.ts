import type { ConfigProperty, SourceConnector } from 'c8connector';
import { expect, test } from 'vitest';
import { textProperty as property } from '../../../c8connector/test/fixtures/text-property.ts';
import { sourceFindings, targetFindings } from '../findings.ts';

const flag = { name: 'flag', type: 'boolean' } as const;
const choice = { name: 'choice', type: 'options', options: ['a', 'b'] } as const;

/** The findings of one check on a source that has these properties as well. */
async function findingsWith(only: number, ...properties: readonly Partial<ConfigProperty>[]): Promise<string[]> {
  return await sourceFindings(
    ({ config }) => ({ config: [...config, ...properties.map((each) => ({ ...property, ...each }))] }),
    { only },
  );
}

test.each<[number, string, Partial<ConfigProperty>[]]>([
  [8, "since it is called 'api_key'", [{ name: 'api_key' }]],
  [8, "since it is called 'clientSecret'", [{ name: 'clientSecret', type: 'hidden' }]],
  [8, "since it is called 'Access Token'", [{ name: 'bearing', displayName: 'Access Token' }]],
  [9, "property 'code' without a default", [{ name: 'code', type: 'password', defaultValue: 'changeme' }]],
  [9, "property 'code' without a default", [{ name: 'code', isSecret: true, defaultValue: 'changeme' }]],
  [10, 'found: "flagg"', [flag, { when: { property: 'flagg', oneOf: [true] } }]],
  [10, 'found: "true", which it never is', [flag, { when: { property: 'flag', oneOf: ['true'] } }]],
  [10, 'found: "c", which it never is', [choice, { when: { property: 'choice', oneOf: ['a', 'c'] } }]],
  [10, 'found: []', [flag, { when: { property: 'flag', oneOf: [] } }]],
  [10, 'found: mode depends on mode', [{ when: { property: 'mode', oneOf: ['x'] } }]],
  [11, 'found: " "', [{ group: ' ' }]],
  [11, "found: also 'server'", [{ group: 'Server' }, { name: 'other', group: 'server' }]],
  [11, "found: 'c' stands apart", [{ group: 'A' }, { name: 'b', group: 'B' }, { name: 'c', group: 'A' }]],
  [17, "found: 'format'", [{ format: 'ipv4' } as Partial<ConfigProperty>]],
  [17, 'of type string without minimum', [{ minimum: 3 }]],
  [17, 'a pattern that is a regular expression', [{ pattern: '(' }]],
  [17, 'a minimum below the maximum', [{ type: 'integer', minimum: 5, maximum: 1 }]],
])('%i finds: %s', async (number, found, properties) => {
  const findings = await findingsWith(number, ...properties);
  expect(findings).toEqual([expect.stringContaining(found)]);
  expect(findings[0]).toMatch(new RegExp(`^${number} .*expected: .*found: .*look at: `, 's'));
});

test.each<[number, Partial<ConfigProperty>[]]>([
  [
    8,
    [{ name: 'token_url' }, { name: 'max_tokens', type: 'integer' }, { name: 'access_key_id' }, { name: 'sort_key' }],
  ],
  [10, [choice, { when: { property: 'choice', oneOf: ['b'] } }]],
  [11, [{ group: 'A' }, { name: 'b', type: 'hidden' }, { name: 'c', group: 'A' }, { name: 'd' }]],
])('%i accepts %j', async (number, properties) => {
  expect(await findingsWith(number, ...properties)).toEqual([]);
});

test.each<[string, Partial<SourceConnector>, string]>([
  ['12 finds a reserved key twice', { reservedKeys: ['_a', '_a'] }, "'_a' twice"],
  ['13 finds an unknown capability', { capabilities: ['discover', 'catalog', 'teleport' as never] }, '"teleport"'],
  ['13 finds a capability twice', { capabilities: ['discover', 'catalog', 'state', 'state'] }, "'state' twice"],
  ['13 finds a capability of a target', { capabilities: ['discover', 'catalog', 'recover'] }, 'is for a target'],
  ['13 finds a missing capability', { capabilities: ['catalog'] }, "'discover', as every source has it"],
])('%s', async (name, broken, found) => {
  expect(await sourceFindings(() => broken, { only: Number(name.slice(0, 2)) })).toEqual([
    expect.stringContaining(found),
  ]);
});

test('12 finds a reserved column in samples', async () => {
  const findings = await sourceFindings(
    (honest) => ({
      samples: async (config, options) =>
        (await honest.samples(config, options)).map(({ schema, data }) => ({
          schema,
          data: data.map((row) => ({ ...row, _id: 1 })),
        })),
    }),
    { only: 12 },
  );
  expect(findings).toEqual([expect.stringContaining("found: column '_id'")]);
});

test('13 finds a recover that is not declared, and one that does not exist', async () => {
  const recover = async () => undefined;
  expect(await targetFindings(() => ({ recover }), { only: 13 })).toEqual([
    expect.stringContaining("'recover', since there is a method recover"),
  ]);
  expect(await targetFindings(() => ({ capabilities: ['about', 'recover'] }), { only: 13 })).toEqual([
    expect.stringContaining('expected: a method recover'),
  ]);
});

test('14 finds a closed schema, even deep inside a column', async () => {
  for (const inner of [{ additionalProperties: false }, { unevaluatedProperties: false }]) {
    const findings = await sourceFindings(
      (honest) => ({
        discover: async (config, options) => ({
          streams: (await honest.discover(config, options)).streams.map((entry) => ({
            ...entry,
            schema: { ...entry.schema, properties: { list: { type: 'array', items: { type: 'object', ...inner } } } },
          })),
        }),
      }),
      { only: 14 },
    );
    expect(findings).toEqual([expect.stringContaining(`found: ${Object.keys(inner)[0]}: false`)]);
  }
});

test('14 finds a validate that refuses unknown properties', async () => {
  const findings = await sourceFindings(
    (honest) => ({
      async validate(config, options) {
        if (Object.keys(config as object).some((key) => key.startsWith('unknown'))) throw new Error('what is that?');
        return await honest.validate(config, options);
      },
    }),
    { only: 14 },
  );
  expect(findings).toEqual([expect.stringContaining('found: it rejected with Error: what is that?')]);
});

test('18 finds a connector that keeps the first value of a dynamic property', async () => {
  const isDynamic = (honest: SourceConnector) =>
    honest.config.map((each) => (each.name === 'rows' ? { ...each, isDynamic: true } : each));
  const discover = (honest: SourceConnector): SourceConnector['discover'] => {
    let first: unknown;
    return async (config) => {
      first ??= config;
      const { rows } = first as { rows?: number };
      const { streams } = await honest.discover({ ...(config as object), rows: 1 });
      return { streams: streams.map((entry) => ({ ...entry, tap_stream_id: `${entry.tap_stream_id}${rows}` })) };
    };
  };
  const findings = await sourceFindings((honest) => ({ config: isDynamic(honest), discover: discover(honest) }), {
    only: 18,
  });
  expect(findings).toEqual([expect.stringMatching(/^18 .*dynamic property 'rows'/s)]);
  expect(await sourceFindings((honest) => ({ config: isDynamic(honest) }), { only: 18 })).toEqual([]);
});
