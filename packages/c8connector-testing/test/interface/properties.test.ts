import type { ConfigProperty } from 'c8connector';
import { expect, test } from 'vitest';
import { textProperty as property } from '../../../c8connector/test/fixtures/text-property.ts';
import { sourceFindings } from '../findings.ts';

/** The findings on a source that has these properties as well. */
async function findingsWith(...properties: readonly Partial<ConfigProperty>[]): Promise<string[]> {
  return await sourceFindings(({ config }) => ({
    config: [...config, ...properties.map((each) => ({ ...property, ...each }))],
  }));
}

test('a good property is not a finding', async () => {
  expect(await findingsWith({}, { name: 'kind', type: 'options', options: ['a', 'b'], defaultValue: 'b' })).toEqual([]);
});

test.each<[string, string, Partial<ConfigProperty>[]]>([
  ['3', "found: 'mode' twice", [{}, {}]],
  ['4', 'expected: property \'mode\' with a displayName\n  found: ""', [{ displayName: '' }]],
  ['4', 'expected: property \'mode\' with a description\n  found: " "', [{ description: ' ' }]],
  ['5', 'found: "text"', [{ type: 'text' as never }]],
  ['6', "expected: property 'mode' with options\n  found: []", [{ type: 'options', options: [] }]],
  ['6', 'found: "a" twice', [{ type: 'options', options: ['a', 'b', 'a'] }]],
  ['7', 'found: "5432", which is string', [{ type: 'integer', defaultValue: '5432' }]],
  ['7', 'found: ConfigError config_invalid', [{ type: 'integer', defaultValue: 7, maximum: 5 }]],
])('%s and nothing else finds: %s', async (number, found, properties) => {
  const findings = await findingsWith(...properties);
  expect(findings).toEqual([expect.stringContaining(found)]);
  expect(findings[0]).toMatch(new RegExp(`^${number} `));
});

test('6 and 7 find a default that is not one of the options', async () => {
  const findings = await findingsWith({ type: 'options', options: ['a', 'b'], defaultValue: 'c' });
  expect(findings.map((finding) => finding.split(' ')[0])).toEqual(['6', '7']);
});

test('a hidden property needs no texts', async () => {
  expect(await findingsWith({ type: 'hidden', displayName: '', description: '' })).toEqual([]);
});
