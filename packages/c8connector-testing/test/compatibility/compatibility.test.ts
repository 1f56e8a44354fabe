import { type ConfigProperty, parseConfig } from 'c8connector';
import { expect, test } from 'vitest';
import { textProperty as plain } from '../../../c8connector/test/fixtures/text-property.ts';
import { incompatibilities } from '../../src/compatibility/compatibility.ts';
import { generatedConfigs } from '../../src/compatibility/old-configs.ts';

const flag: ConfigProperty = { ...plain, name: 'flag', type: 'boolean' };
type Change = Partial<ConfigProperty>;

test.each<[string, Change, Change, string]>([
  ['another type', { type: 'string' }, { type: 'integer' }, 'was string and is integer'],
  [
    'an array of other items',
    { type: 'array' },
    { type: 'array', items: { type: 'integer' } },
    'held items of type string',
  ],
  [
    'an option removed',
    { type: 'options', options: ['a', 'b'] },
    { type: 'options', options: ['a'] },
    'no longer takes b',
  ],
  ['a higher minimum', { type: 'integer', minimum: 1 }, { type: 'integer', minimum: 2 }, 'numbers below 2'],
  ['a new maximum', { type: 'integer' }, { type: 'integer', maximum: 9 }, 'numbers above 9'],
  ['a new pattern', {}, { pattern: 'a+' }, 'must now match a+'],
  ['a narrower pattern', { pattern: '[a-z]{3,}' }, { pattern: '[a-f]{3,}' }, 'no longer takes texts such as'],
  ['a pattern that cannot be tried', { pattern: '(?=x)x' }, { pattern: 'y' }, 'nobody can tell'],
  ['mandatory now', {}, { isMandatory: true }, 'is mandatory where it was not'],
  ['another default', { defaultValue: 'a' }, { defaultValue: 'b' }, 'had the default "a" and now has "b"'],
  ['a default gone', { defaultValue: 'a' }, {}, 'now has none'],
  ['a condition', {}, { when: { property: 'flag', oneOf: [true] } }, "counts only while 'flag' is true"],
  [
    'a narrower condition',
    { when: { property: 'flag', oneOf: [true, false] } },
    { when: { property: 'flag', oneOf: [true] } },
    "no longer counts while 'flag' is false",
  ],
  ['no secret any more', { type: 'password' }, { type: 'string' }, 'is no longer secret'],
])('finds %s', (_name, before, now, problem) => {
  const found = incompatibilities([flag, { ...plain, ...before }], [flag, { ...plain, ...now }]);
  expect(found).toEqual([{ property: 'mode', problem: expect.stringContaining(problem) }]);
});

test('finds a property that was removed, and a new one that is mandatory', () => {
  expect(incompatibilities([plain], [{ ...plain, name: 'kind', isMandatory: true }])).toEqual([
    { property: 'mode', problem: expect.stringContaining("'mode' was removed") },
    { property: 'kind', problem: expect.stringContaining('is new and mandatory') },
  ]);
});

test.each<[string, Change, Change]>([
  ['nothing', {}, {}],
  ['more options', { type: 'options', options: ['a'] }, { type: 'options', options: ['b', 'a'] }],
  ['wider bounds', { type: 'integer', minimum: 2, maximum: 3 }, { type: 'integer', minimum: 1 }],
  ['a wider pattern', { pattern: '[a-z]+' }, { pattern: '[a-z0-9_]+' }],
  ['no pattern any more', { pattern: '[a-z]+' }, {}],
  ['optional now', { isMandatory: true }, {}],
  ['a default for what was mandatory', { isMandatory: true }, { isMandatory: true, defaultValue: 'a' }],
  ['other texts', { displayName: 'A', group: 'A' }, { displayName: 'B', description: 'Other.' }],
  ['a secret', {}, { type: 'password' }],
  ['any text in place of an option', { type: 'options', options: ['a'] }, { type: 'string' }],
  ['a default in another form', { type: 'integer', defaultValue: '5' }, { type: 'integer', defaultValue: 5 }],
])('accepts %s', (_name, before, now) => {
  expect(incompatibilities([{ ...plain, ...before }], [{ ...plain, ...now }])).toEqual([]);
});

test('accepts a new property that counts only where no old config can be', () => {
  const mode: ConfigProperty = { ...plain, type: 'options', options: ['old'] };
  const added = { ...plain, name: 'added', isMandatory: true, when: { property: 'mode', oneOf: ['new'] } };
  expect(incompatibilities([mode], [{ ...mode, options: ['old', 'new'] }, added])).toEqual([]);
});

test('generates good configs, the same ones each time, at the bounds too', () => {
  const properties: ConfigProperty[] = [
    { ...plain, isMandatory: true, pattern: '(?:[a-z]{2}-)?\\d{3}' },
    { ...plain, name: 'size', type: 'integer', minimum: 1, maximum: 9 },
    flag,
  ];
  const configs = generatedConfigs(properties, 100);
  expect(configs).toHaveLength(100);
  expect(configs).toEqual(generatedConfigs(properties, 100));
  for (const config of configs) expect(parseConfig(properties, config).warnings).toEqual([]);
  const sizes = new Set(configs.map(({ size }) => size));
  expect([1, 9, undefined].every((size) => sizes.has(size))).toBe(true);
});
