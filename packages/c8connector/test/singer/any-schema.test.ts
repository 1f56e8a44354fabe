import { describe, expect, test } from 'vitest';
import { columnType } from '../../src/jsonl/column-type.ts';
import { decoded, linesIn } from './decoded.ts';

const row = '{"a":"x","b":1.50}';

/** One SCHEMA whose schema is the JSON given, and one record. */
const inputOf = (schema: string, record = row) =>
  `\n{"type":"SCHEMA","stream":"s","schema":${schema},"key_properties":[]}\n{"type":"RECORD","stream":"s","record":${record}}\n`;

describe('with a schema that names no columns the row is kept whole:', () => {
  test.each([
    ['true'],
    ['{}'],
    ['{"type":"object"}'],
    ['{"properties":{}}'],
    ['{"properties":null}'],
    ['{"properties":{},"additionalProperties":true}'],
    ['{"properties":{},"additionalProperties":null}'],
    ['{"properties":{},"additionalProperties":{"type":"string"}}'],
    ['{"additionalProperties":{}}'],
    ['{"properties":{},"patternProperties":{".*":{"type":"string"}},"additionalProperties":false}'],
    ['{"patternProperties":{"^a":{}}}'],
    ['{"$ref":"#/definitions/nothing"}'],
    ['{"type":"object","minProperties":1,"propertyNames":{"pattern":"^[a-z]$"}}'],
  ])('%s', async (schema) => {
    const result = await decoded(inputOf(schema));
    expect([linesIn(result), result.warnings, result.error]).toEqual([[row], [], undefined]);
  });

  test('but not one that forbids all columns', async () => {
    const result = await decoded(inputOf('{"properties":{},"additionalProperties":false}'));
    expect([linesIn(result), result.warnings]).toEqual([['{}'], [expect.stringContaining('"a", "b"')]]);
  });
});

describe('columns are found wherever the schema of the row declares them:', () => {
  const both = '{"a":{"type":"string"},"b":{"type":"number"}}';
  test.each([
    [`{"properties":${both}}`],
    [`{"$ref":"#/definitions/row","definitions":{"row":{"properties":${both}}}}`],
    [`{"allOf":[{"$ref":"#/$defs/row"}],"$defs":{"row":{"properties":${both}}}}`],
    ['{"properties":{"a":{"type":"string"}},"allOf":[{"properties":{"b":{"type":"number"}}}]}'],
    [`{"anyOf":[{"properties":${both}},{"type":"null"}]}`],
    ['{"oneOf":[{"properties":{"a":{"type":"string"}}},{"properties":{"b":{"type":"number"}}}]}'],
    ['{"$ref":"#","properties":{"a":{"type":"string"},"b":{"type":"number"}}}'],
  ])('%s', async (schema) => {
    const { messages, warnings } = await decoded(inputOf(schema));
    const [message] = messages;
    if (message?.type !== 'SCHEMA') throw new Error('no SCHEMA came');
    const types = Object.entries(message.schema.properties).map(([name, column]) => [
      name,
      columnType(column, message.schema).kind,
    ]);
    expect([types, warnings]).toEqual([
      [
        ['a', 'text'],
        ['b', 'double'],
      ],
      [],
    ]);
  });
});

describe('the schema of a column may have any form:', () => {
  test.each<[string, object]>([
    ['true', { kind: 'json' }],
    ['false', { kind: 'json' }],
    ['{}', { kind: 'json' }],
    ['{"type":null}', { kind: 'json' }],
    ['{"type":[]}', { kind: 'json' }],
    ['{"type":["null"]}', { kind: 'json' }],
    ['{"type":[null,"string"]}', { kind: 'text' }],
    ['{"type":["string","string"]}', { kind: 'text' }],
    ['{"type":"any"}', { kind: 'json' }],
    ['{"type":["integer","string"]}', { kind: 'json' }],
    ['{"type":["null","integer","number"]}', { kind: 'double' }],
    ['{"enum":["a","b",null]}', { kind: 'text' }],
    ['{"enum":[1,2]}', { kind: 'integer' }],
    ['{"enum":[1,2.5]}', { kind: 'double' }],
    ['{"enum":[true,null]}', { kind: 'boolean' }],
    ['{"enum":[1,"a"]}', { kind: 'json' }],
    ['{"enum":[]}', { kind: 'json' }],
    ['{"enum":"a"}', { kind: 'json' }],
    ['{"const":"a"}', { kind: 'text' }],
    ['{"const":null}', { kind: 'json' }],
    ['{"type":null,"enum":["a"]}', { kind: 'text' }],
    ['{"items":{"type":"string"}}', { kind: 'json' }],
    ['{"type":"array","items":true}', { kind: 'json' }],
    ['{"type":"array","items":[{"type":"string"}]}', { kind: 'json' }],
    ['{"type":"array","items":{"type":5}}', { kind: 'list', items: { kind: 'json' } }],
    ['{"type":"array","items":{"type":[5,null]}}', { kind: 'list', items: { kind: 'json' } }],
    ['{"type":"integer","minimum":0,"exclusiveMinimum":true}', { kind: 'integer', minimum: 1n }],
    ['{"allOf":[{"type":"string"},{"format":"date-time"}]}', { kind: 'timestamptz' }],
    ['{"allOf":[{"$ref":"#/definitions/day"}],"description":"a day"}', { kind: 'date' }],
    ['{"allOf":[]}', { kind: 'json' }],
    ['{"allOf":[5,null,"x"]}', { kind: 'json' }],
    ['{"anyOf":[{"type":"string","format":"date-time"},{"type":"null"}]}', { kind: 'timestamptz' }],
    ['{"anyOf":[{"$ref":"#/definitions/day"},{"type":"null"}]}', { kind: 'date' }],
    ['{"type":["null","string"],"anyOf":[{"format":"date-time"},{"maxLength":5}]}', { kind: 'text' }],
    ['{"oneOf":[{"type":"integer"},{"type":"number"}]}', { kind: 'double' }],
    ['{"anyOf":[true,{"type":"string"}]}', { kind: 'json' }],
    ['{"anyOf":[]}', { kind: 'json' }],
    ['{"anyOf":{"type":"string"}}', { kind: 'json' }],
    ['{"$ref":"#/definitions/day"}', { kind: 'date' }],
    ['{"$ref":"#/definitions/again"}', { kind: 'date' }],
    ['{"$ref":"#/properties/a"}', { kind: 'json' }],
    ['{"$ref":"#/definitions/endless"}', { kind: 'json' }],
    ['{"$ref":"https://example.com/schema.json"}', { kind: 'json' }],
    ['{"$ref":"#/definitions/%zz"}', { kind: 'json' }],
    ['{"$ref":5}', { kind: 'json' }],
    ['{"not":{"type":"string"}}', { kind: 'json' }],
    ['{"if":{"type":"string"},"then":{"maxLength":5}}', { kind: 'json' }],
    ['{"type":"string","format":null,"maxLength":"5"}', { kind: 'text' }],
    ['{"type":"number","multipleOf":0}', { kind: 'double' }],
    ['{"type":"number","multipleOf":null}', { kind: 'double' }],
    ['{"type":"integer","minimum":"x","maximum":{}}', { kind: 'integer' }],
    ['{"x-c8-type":5,"type":"string"}', { kind: 'text' }],
  ])('%s', async (column, type) => {
    const definitions =
      '{"day":{"type":"string","format":"date"},"again":{"$ref":"#/definitions/day"},"endless":{"type":"array","items":{"$ref":"#/definitions/endless"}}}';
    const schema = `{"properties":{"a":${column}},"definitions":${definitions}}`;
    const result = await decoded(inputOf(schema, '{"a":"x"}'));
    const [message] = result.messages;
    if (message?.type !== 'SCHEMA') throw new Error(String(result.error));
    expect(columnType(message.schema.properties.a ?? {}, message.schema)).toEqual(type);
    expect(linesIn(result)).toEqual(['{"a":"x"}']);
    // A target may ask for every face of it.
    for (const exact of ['number', 'text'] as const) {
      const batch = result.messages.find((each) => each.type === 'RECORDS');
      expect(batch?.type === 'RECORDS' && batch.with(exact).rows()).toEqual([{ a: 'x' }]);
    }
  });
});

describe('a schema that cannot be used is refused with stream, column, reason and line:', () => {
  test.each<[string, string | undefined, string]>([
    ['null', undefined, 'it is null, not an object'],
    ['false', undefined, 'it is false, not an object'],
    ['"object"', undefined, 'it is "object", not an object'],
    ['[{}]', undefined, 'it is a list, not an object'],
    ['1.50', undefined, 'it is 1.50, not an object'],
    ['{"properties":[]}', undefined, 'its properties are a list, not an object'],
    ['{"properties":"a"}', undefined, 'its properties are "a", not an object'],
    ['{"properties":{"a":1}}', 'a', 'it is 1, not an object'],
    ['{"properties":{"a":null}}', 'a', 'it is null, not an object'],
    ['{"properties":{"a":"string"}}', 'a', 'it is "string", not an object'],
    ['{"properties":{"a":["string","null"]}}', 'a', 'it is a list, not an object'],
    ['{"properties":{"a":{"type":5}}}', 'a', 'its type is 5, not a name'],
    ['{"properties":{"a":{"type":{"x":1}}}}', 'a', 'its type is an object, not a name'],
    ['{"properties":{"a":{"type":["string",5]}}}', 'a', 'its types hold 5, which is not a name'],
    [`{"properties":{"a":${JSON.stringify('y'.repeat(5000))}}}`, 'a', `it is "${'y'.repeat(60)}…", not an object`],
  ])('%.60s', async (schema, column, reason) => {
    const { error } = await decoded(inputOf(schema));
    const details = { stream: 's', line: 2, ...(column === undefined ? {} : { column }) };
    expect([error?.code, error?.details]).toEqual(['schema_invalid', details]);
    const which = column === undefined ? '' : `, column "${column}"`;
    expect(error?.message).toBe(`line 2: the schema of the stream "s"${which} cannot be used: ${reason}.`);
  });

  test.each<[string, string]>([
    ['"key_properties":["b"]', 'the key property "b" is none of its columns'],
    ['"key_properties":5', "'key_properties' is 5, not a list of texts"],
    ['"key_properties":[["a"]]', "'key_properties' holds a list, which is not a text"],
    ['"key_properties":[null]', "'key_properties' holds null, which is not a text"],
    ['"key_properties":[],"bookmark_properties":{}', "'bookmark_properties' is an object, not a list of texts"],
  ])('%s', async (members, reason) => {
    const { error } = await decoded(`{"type":"SCHEMA","stream":"s","schema":{"properties":{"a":{}}},${members}}\n`);
    expect(error?.code).toBe('schema_invalid');
    expect(error?.message).toBe(`line 1: the schema of the stream "s" cannot be used: ${reason}.`);
  });
});
