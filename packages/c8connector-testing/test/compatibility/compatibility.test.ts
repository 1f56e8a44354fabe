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
  ['a shorter text at most', { pattern: '\\d{1,20}' }, { pattern: '\\d{1,19}' }, 'no longer takes texts such as'],
  ['a bound where there was none', { pattern: '[a-z]+' }, { pattern: '[a-z]{1,200}' }, 'no longer takes texts such as'],
  ['a bound in a group', { pattern: '(?:[a-z]{1,63}\\.)+x' }, { pattern: '(?:[a-z]{1,62}\\.)+x' }, 'such as'],
  ['a lookahead added', { pattern: '[a-z0-9]{8}' }, { pattern: '(?=.*\\d)[a-z0-9]{8}' }, 'such as'],
  [
    'a narrower pattern behind a lookahead',
    { pattern: '(?=x)x' },
    { pattern: 'y' },
    'no longer takes texts such as "x"',
  ],
  ['a narrower pattern behind a lookbehind', { pattern: 'ab(?<!b)|cd(?<=d)' }, { pattern: 'ab' }, 'such as "cd"'],
  ['letters of ASCII in place of all', { pattern: '\\p{L}+' }, { pattern: '[A-Za-z]+' }, 'such as'],
  ['a script in place of another', { pattern: '\\p{Script=Greek}' }, { pattern: '\\p{Script=Latin}' }, 'such as'],
  ['what is not in a class', { pattern: '[^/]+' }, { pattern: '[^/ ]+' }, 'such as'],
  ['anchors inside', { pattern: '^foo$|^bar$' }, { pattern: '^foo$' }, 'such as "bar"'],
  ['word boundaries', { pattern: '\\bfoo\\b|\\bbar\\b' }, { pattern: 'foo' }, 'such as "bar"'],
  ['a pattern that cannot be tried', { pattern: '(x|y)\\1' }, { pattern: 'y' }, 'what is refused now is unknown'],
  [
    'a pattern whose examples would be endless',
    { pattern: '[^ -~]+' },
    { pattern: 'y' },
    'what is refused now is unknown',
  ],
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
])('finds %s', async (_name, before, now, problem) => {
  const found = await incompatibilities([flag, { ...plain, ...before }], [flag, { ...plain, ...now }]);
  expect(found).toEqual([{ property: 'mode', problem: expect.stringContaining(problem) }]);
});

test('finds a property that was removed, and a new one that is mandatory', async () => {
  expect(await incompatibilities([plain], [{ ...plain, name: 'kind', isMandatory: true }])).toEqual([
    { property: 'mode', problem: expect.stringContaining("'mode' was removed") },
    { property: 'kind', problem: expect.stringContaining('is new and mandatory') },
  ]);
});

test.each<[string, Change, Change]>([
  ['nothing', {}, {}],
  ['more options', { type: 'options', options: ['a'] }, { type: 'options', options: ['b', 'a'] }],
  ['wider bounds', { type: 'integer', minimum: 2, maximum: 3 }, { type: 'integer', minimum: 1 }],
  ['a wider pattern', { pattern: '[a-z]+' }, { pattern: '[a-z0-9_]+' }],
  ['a longer text at most', { pattern: '[a-z]{1,63}' }, { pattern: '[a-z]{1,64}' }],
  ['a lookahead less', { pattern: '(?!xn--)[a-z-]+' }, { pattern: '[a-z-]+' }],
  ['the same pattern, which cannot be tried', { pattern: '(x|y)\\1' }, { pattern: '(x|y)\\1' }],
  ['no pattern any more', { pattern: '[a-z]+' }, {}],
  ['optional now', { isMandatory: true }, {}],
  ['a default for what was mandatory', { isMandatory: true }, { isMandatory: true, defaultValue: 'a' }],
  ['other texts', { displayName: 'A', group: 'A' }, { displayName: 'B', description: 'Other.' }],
  ['a secret', {}, { type: 'password' }],
  ['any text in place of an option', { type: 'options', options: ['a'] }, { type: 'string' }],
  ['a default in another form', { type: 'integer', defaultValue: '5' }, { type: 'integer', defaultValue: 5 }],
])('accepts %s', async (_name, before, now) => {
  expect(await incompatibilities([{ ...plain, ...before }], [{ ...plain, ...now }])).toEqual([]);
});

test('accepts a new property that applies only with an option that no old config has', async () => {
  const mode: ConfigProperty = { ...plain, type: 'options', options: ['old'] };
  const added = { ...plain, name: 'added', isMandatory: true, when: { property: 'mode', oneOf: ['new'] } };
  expect(await incompatibilities([mode], [{ ...mode, options: ['old', 'new'] }, added])).toEqual([]);
});

test('generates valid configs, the same ones each time, including those at the bounds', async () => {
  const properties: ConfigProperty[] = [
    { ...plain, isMandatory: true, pattern: '(?:[a-z]{2}-)?\\d{3}' },
    { ...plain, name: 'size', type: 'integer', minimum: 1, maximum: 9 },
    flag,
  ];
  const configs = await generatedConfigs(properties, 100);
  expect(configs).toHaveLength(100);
  expect(configs).toEqual(await generatedConfigs(properties, 100));
  for (const config of configs) expect(parseConfig(properties, config).warnings).toEqual([]);
  const sizes = new Set(configs.map(({ size }) => size));
  expect([1, 9, undefined].every((size) => sizes.has(size))).toBe(true);
});

test('generates values of every type, and those that a condition requires', async () => {
  const properties: ConfigProperty[] = [
    { ...plain, name: 'kind', type: 'options', options: ['a', 'b'], isMandatory: true },
    { ...plain, name: 'mail', type: 'email', isMandatory: true, when: { property: 'kind', oneOf: ['b'] } },
    { ...plain, name: 'day', type: 'date_iso8601', isMandatory: true },
    { ...plain, name: 'list', type: 'array', items: { type: 'integer' }, isMandatory: true },
    { ...plain, name: 'document', type: 'object', isMandatory: true },
    { ...plain, name: 'code', pattern: '(?=.*\\d)[A-Z0-9]{4}', isMandatory: true },
  ];
  const configs = await generatedConfigs(properties, 50);
  expect(configs).toHaveLength(50);
  expect(new Set(configs.map(({ kind }) => kind))).toEqual(new Set(['a', 'b']));
  for (const { code } of configs) expect(code).toMatch(/^(?=.*\d)[A-Z0-9]{4}$/);
});

test('generates no config if no text can be made for the pattern of a mandatory property', async () => {
  const property: ConfigProperty = { ...plain, pattern: '(x|y)\\1', isMandatory: true };
  expect(await generatedConfigs([property], 10)).toEqual([]);
  const withPlaceholder = await generatedConfigs([{ ...property, placeholderValue: 'yy' }], 10);
  expect(withPlaceholder).toHaveLength(10);
});
