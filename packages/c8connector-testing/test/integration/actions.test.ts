import type { Action, ConfigProperty } from 'c8connector';
import { expect, test } from 'vitest';
import { integrationFindings } from '../findings.ts';

/** The findings on an integration whose only action is changed for whoever looks at it. */
async function findingsWith(change: Partial<Action>): Promise<string[]> {
  return await integrationFindings((honest) => {
    const actions = honest.actions.map((action) => ({ ...action, ...change }));
    return {
      actions,
      samples: async (...given) =>
        (await honest.samples(...given)).map((sample) => ({
          ...sample,
          data: actions.map(({ example }) => example as never),
        })),
    };
  });
}

test('an honest integration has no finding', async () => {
  expect(await integrationFindings(() => ({}))).toEqual([]);
});

test('26 finds an integration without actions', async () => {
  const findings = await integrationFindings(() => ({ actions: [] }), { only: 26 });
  expect(findings).toEqual([expect.stringMatching(/^26 .*expected: at least one action\n {2}found: \[\]/s)]);
});

test('26 and nothing else finds an action that comes twice', async () => {
  const findings = await integrationFindings((honest) => {
    const actions = [...honest.actions, ...honest.actions];
    return {
      actions,
      samples: async () => [...(await honest.samples({})), ...(await honest.samples({}))],
      schemas: async () => [...(await honest.schemas({})), ...(await honest.schemas({}))],
    };
  });
  expect(findings).toEqual([expect.stringMatching(/^26 .*found: 'say' twice/s)]);
});

test('26 finds a name that is not one word on a command line', async () => {
  const findings = await integrationFindings(
    ({ actions }) => ({ actions: actions.map((action) => ({ ...action, name: 'say it' })) }),
    { only: 26 },
  );
  expect(findings).toEqual([expect.stringMatching(/^26 .*found: "say it"/s)]);
});

test.each<[string, object, string]>([
  ['a type that does not exist', { type: 'texty' }, 'schema/type must be equal to one of the allowed values'],
  ['a reference to nothing', { properties: { number: { $ref: '#/definitions/number' } } }, "can't resolve reference"],
  ['no schema', [], "expected: action 'say': an output schema\n  found: []"],
])('27 finds %s', async (_name, output, found) => {
  const [first] = await findingsWith({ output: output as Action['output'] });
  expect(first).toMatch(/^27 the output of each action is a valid JSON Schema/);
  expect(first).toContain(found);
});

test.each(['', ' ', 'say'])('73 and nothing else finds the description %j', async (description) => {
  expect(await findingsWith({ description })).toEqual([
    expect.stringMatching(/^73 every action has a description\n {2}expected: action 'say' with a/),
  ]);
});

const property: ConfigProperty = {
  name: 'tone',
  type: 'string',
  displayName: 'Tone',
  isMandatory: false,
  isDynamic: false,
  description: 'How to say it.',
  defaultValue: '',
  placeholderValue: '',
};

test.each<[string, Partial<ConfigProperty>[], string]>([
  ['a key that comes twice', [{}, {}], "expected: action 'say': each key once\n  found: 'tone' twice"],
  ['a property without a label', [{ displayName: '' }], "property 'tone' with a displayName"],
  ['a kind other than the twelve', [{ type: 'text' as never }], 'found: "text"'],
  ['options without a choice', [{ type: 'options', options: [] }], "property 'tone' with options"],
  ['a default of another kind', [{ type: 'integer', defaultValue: '5' }], 'found: "5", which is string'],
])('74 finds %s', async (_name, properties, found) => {
  const findings = await integrationFindings(
    ({ actions }) => ({
      actions: actions.map((action) => ({ ...action, input: properties.map((each) => ({ ...property, ...each })) })),
    }),
    { only: 74 },
  );
  expect(findings).toEqual([expect.stringContaining(found)]);
  expect(findings[0]).toMatch(/^74 the input of every action is declared like a config/);
});

test.each<[string, Action['example'], string]>([
  ['an example that lacks a mandatory property', {}, 'text: is mandatory'],
  ['an example of another type', { text: 5 }, 'text: 5 is not text'],
  ['an example with a property that does not exist', { text: 'hello', txt: 'oh' }, "unknown property 'txt'"],
])('75 and nothing else finds %s', async (_name, example, found) => {
  const findings = await findingsWith({ example });
  expect(findings).toEqual([expect.stringMatching(/^75 the example of every action is complete/)]);
  expect(findings[0]).toContain(found);
});

test.each<[string, Parameters<typeof integrationFindings>[0], string]>([
  ['schemas that list no input', () => ({ schemas: async () => [] }), 'found: []'],
  [
    'schemas with another type',
    (honest) => ({
      schemas: async () =>
        (await honest.schemas({})).map(({ name }) => ({ name, attributes: [{ name: 'text', type: 'long' as const }] })),
    }),
    '"type":"long"',
  ],
  [
    'samples that are not the example',
    (honest) => ({ samples: async () => (await honest.samples({})).map((sample) => ({ ...sample, data: [] })) }),
    "expected: the sample of 'say': its example\n  found: []",
  ],
  ['samples that lack an action', () => ({ samples: async () => [] }), 'expected: samples with the schemas of schemas'],
])('76 and nothing else finds %s', async (_name, broken, found) => {
  const findings = await integrationFindings(broken);
  expect(findings).toEqual([expect.stringMatching(/^76 schemas lists the input of each action/)]);
  expect(findings[0]).toContain(found);
});
