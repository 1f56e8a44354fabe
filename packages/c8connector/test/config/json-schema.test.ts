import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { configJsonSchema } from '../../src/config/json-schema.ts';
import { parseConfig } from '../../src/config/parse.ts';
import type { ConfigProperty, ConfigPropertyType } from '../../src/interface/property.ts';
import { configPropertyTypes } from '../../src/interface/property.ts';
import { property } from './property.ts';

const ajv = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false, validateSchema: false });
formats.default(ajv);

function accepts(properties: readonly ConfigProperty[], config: unknown): boolean {
  const schema = configJsonSchema(properties);
  try {
    return ajv.validate(schema, config);
  } finally {
    ajv.removeSchema(schema);
  }
}

function parses(properties: readonly ConfigProperty[], config: unknown): boolean {
  try {
    parseConfig(properties, config);
    return true;
  } catch {
    return false;
  }
}

const words = ['a', 'b', 'me@example.com', '2024-01-31', '2024-01-31T09:30:00Z', '2024-02-30', 'ab1', 'FULL'];

/** Values as JSON gives them once they are typed: a text, never one that stands for a number. */
const values = fc.oneof(
  fc.constantFrom<unknown>(...words, true, false, 0, 1, 5, -3, 1.5, 2 ** 53, 70_000, [], {}, { a: 1 }),
  fc.array(fc.constantFrom<unknown>('a', 1, 1.5, true, {}, '', null), { maxLength: 3 }),
);

const defaults: Readonly<Record<ConfigPropertyType, readonly unknown[]>> = {
  string: ['a'],
  integer: [5, '5', 0],
  boolean: [true, false, 'false'],
  date_iso8601: ['2024-01-31'],
  email: ['me@example.com'],
  password: ['ab'],
  oauth: ['a'],
  options: ['a'],
  file: ['a'],
  array: [['a'], []],
  object: ['{"a":1}'],
  hidden: ['a'],
};

const names = ['one', 'two', 'three'];

function propertyNamed(name: string): fc.Arbitrary<ConfigProperty> {
  return fc.constantFrom(...configPropertyTypes).chain((type) =>
    fc
      .record(
        {
          isMandatory: fc.boolean(),
          defaultValue: fc.constantFrom('', ...defaults[type]),
          when: fc.record({
            property: fc.constantFrom(...names, 'missing'),
            oneOf: fc.subarray<string | number | boolean>(['a', 'b', true, 1, 5]),
          }),
          ...(type === 'string' ? { pattern: fc.constantFrom('a|ab1', '[a-z].*') } : {}),
          ...(type === 'integer' ? { minimum: fc.constantFrom(0, -5), maximum: fc.constantFrom(5, 100) } : {}),
          isSecret: fc.boolean(),
        },
        { requiredKeys: ['isMandatory', 'defaultValue'] },
      )
      .map((parts) =>
        property({
          ...parts,
          name,
          type,
          ...(type === 'options' ? { options: ['a', 'b'] } : {}),
        }),
      ),
  );
}

const declarations = fc.tuple(...names.map(propertyNamed));
const configs = fc.record({ one: values, two: values, three: values, unknown: values }, { requiredKeys: [] });

/** A text, a 0 or a 1 that becomes another type is accepted by the parser only: the schema describes the typed form. */
function isTyped({ name, type, items }: ConfigProperty, config: Readonly<Record<string, unknown>>): boolean {
  const value = config[name];
  if (type === 'boolean') return typeof value === 'boolean' || value === undefined || (value !== 0 && value !== 1);
  if (type === 'array' || type === 'object') return typeof value !== 'string';
  return items === undefined;
}

it('the schema accepts exactly what the parser accepts, in the typed form', () => {
  const numRuns = process.env.C8_SOAK ? 1000 : 250;
  let accepted = 0;
  fc.assert(
    fc.property(declarations, configs, (properties, config) => {
      fc.pre(properties.every((each) => isTyped(each, config)));
      const expected = parses(properties, config);
      if (expected) accepted++;
      expect(accepts(properties, config)).toBe(expected);
    }),
    { numRuns },
  );
  expect(accepted).toBeGreaterThan(numRuns / 10);
});

it('a schema is valid by its own meta-schema', () => {
  fc.assert(
    fc.property(declarations, (properties) => {
      expect(ajv.validateSchema(configJsonSchema(properties, { name: 'X', description: 'Y.' }))).toBe(true);
    }),
    { numRuns: 100 },
  );
});

const codecRule = `{
  "if": { "properties": { "format": { "enum": ["parquet"] } }, "required": ["format"] },
  "then": { "properties": { "codec": { "type": "string", "minLength": 1, "enum": ["snappy"] } }, "required": ["codec"] }
}`;

it('a schema reads like this', () => {
  const properties = [
    property({ name: 'host', type: 'string', displayName: 'Host', description: 'Host name.', isMandatory: true }),
    property({ name: 'port', type: 'integer', defaultValue: '5432', minimum: 1, maximum: 65_535 }),
    property({ name: 'password', type: 'password', isMandatory: true }),
    property({ name: 'format', type: 'options', options: ['jsonl', 'parquet'], defaultValue: 'jsonl' }),
    property({
      name: 'codec',
      type: 'options',
      options: ['snappy'],
      isMandatory: true,
      when: { property: 'format', oneOf: ['parquet'] },
    }),
    property({ name: 'ports', type: 'array', items: { type: 'object' } }),
  ];
  expect(configJsonSchema(properties, { name: 'Acme', description: 'Reads.' })).toEqual({
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Acme',
    description: 'Reads.',
    type: 'object',
    properties: {
      host: { title: 'Host', description: 'Host name.', type: 'string', minLength: 1 },
      port: { title: 'port', description: 'The port.', default: 5432, type: 'integer', minimum: 1, maximum: 65_535 },
      password: {
        title: 'password',
        description: 'The password.',
        writeOnly: true,
        type: 'string',
        minLength: 1,
        format: 'password',
      },
      format: {
        title: 'format',
        description: 'The format.',
        default: 'jsonl',
        type: 'string',
        enum: ['jsonl', 'parquet'],
      },
      codec: { title: 'codec', description: 'The codec.' },
      ports: { title: 'ports', description: 'The ports.', type: 'array', items: { type: 'object' } },
    },
    required: ['host', 'password'],
    allOf: [JSON.parse(codecRule)],
    additionalProperties: true,
  });
});
