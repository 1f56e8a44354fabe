import type { SourceConnector, Value, ValueSchema } from 'c8connector';
import { Decimal } from 'c8connector';
import { expect, test } from 'vitest';
import { changedRead, sourceFindings } from '../../findings.ts';

/** The findings of 35 on a source with one column and one row. */
async function findingsOn(schema: ValueSchema, value: Value): Promise<string[]> {
  const streams = { one: { schema: { type: 'object', properties: { value: schema } }, rows: [{ value }] } };
  return await sourceFindings(() => ({}), { config: { password: 'open sesame', streams }, only: 35 });
}

test.each<[string, ValueSchema, Value, string]>([
  [
    'an integer that is written with a point',
    { type: 'integer' },
    new Decimal('1.0'),
    "column 'value' must be integer, and is 1.0",
  ],
  ['a text in an integer column', { type: 'integer' }, '1', 'and is "1"'],
  ['null where the schema does not allow it', { type: 'string' }, null, 'must be string, and is null'],
  [
    'a date-time without a zone',
    { type: 'string', format: 'date-time' },
    '2023-04-05T06:07:08',
    'must match format "date-time"',
  ],
  [
    'a date-time that is not a moment',
    { type: 'string', format: 'date-time' },
    '2023-02-30T06:07:08Z',
    'must match format "date-time"',
  ],
  [
    'a date that is a date-time',
    { type: 'string', format: 'date' },
    '2023-04-05T00:00:00Z',
    'must match format "date"',
  ],
  ['a time beyond the day', { type: 'string', format: 'time' }, '25:00:00', 'must match format "time"'],
  [
    'an integer beyond its bound by one',
    { type: 'integer', maximum: 9007199254740992 },
    9007199254740993n,
    'maximum 9007199254740992',
  ],
  [
    'a decimal at a bound of draft 4',
    { type: 'number', maximum: 100, exclusiveMaximum: true },
    new Decimal('100.00'),
    'exclusiveMaximum 100',
  ],
  [
    'a digit too many',
    { type: 'number', multipleOf: 0.01 },
    new Decimal('12345678901234567890.123'),
    'multipleOf 0.01',
  ],
  ['a text that is too long', { type: 'string', maxLength: 2 }, 'abc', 'must NOT have more than 2 characters'],
  [
    'a wrong item behind a reference',
    { type: 'array', items: { type: 'integer' } },
    [1, 'two'],
    "column 'value.1' must be integer",
  ],
])('35 finds %s', async (_name, schema, value, found) => {
  const findings = await findingsOn(schema, value);
  expect(findings).toEqual([expect.stringContaining(found)]);
  expect(findings[0]).toContain("expected: record 1 of 'one' as its SCHEMA says");
});

test.each<[string, ValueSchema, Value]>([
  [
    '38 digits with their scale',
    { type: 'number', multipleOf: 1e-38 },
    new Decimal('0.12345678901234567890123456789012345678'),
  ],
  ['the largest bigint', { type: 'integer', maximum: 2 ** 63 }, 9223372036854775807n],
  ['0.1 as a multiple of 0.01', { type: 'number', multipleOf: 0.01 }, 0.1],
  ['24:00:00', { type: 'string', format: 'time' }, '24:00:00'],
  ['a time with microseconds and an offset', { type: 'string', format: 'time' }, '12:34:56.789012+05:30'],
  ['an unknown format and an extension', { type: 'string', format: 'duration', 'x-c8-type': 'interval' }, '-P1DT2.5S'],
])('35 accepts %s', async (_name, schema, value) => {
  expect(await findingsOn(schema, value)).toEqual([]);
});

test('35 and nothing else finds a date-time without a zone', async () => {
  const streams = {
    one: {
      schema: { type: 'object', properties: { at: { type: 'string', format: 'date-time' } } },
      rows: [{ at: 'yesterday' }],
    },
  };
  const findings = await sourceFindings(() => ({}), { config: { password: 'open sesame', streams } });
  expect(findings).toEqual([expect.stringMatching(/^35 each record validates against its SCHEMA/)]);
});

test('35 finds a SCHEMA in a read that is not JSON Schema', async () => {
  const withStep = (schema: ValueSchema): ValueSchema => ({ ...schema, multipleOf: Number('1e-330') });
  const broken = (honest: SourceConnector) =>
    changedRead(honest, async function* (messages) {
      for await (const message of messages) {
        if (message.type !== 'SCHEMA') yield message;
        else {
          const { id = {}, ...others } = message.schema.properties;
          yield { ...message, schema: { ...message.schema, properties: { id: withStep(id), ...others } } };
        }
      }
    });
  expect(await sourceFindings(broken, { only: 35 })).toEqual([
    expect.stringMatching(/^35 .*SCHEMA of 'generated' as a valid JSON Schema.*multipleOf must be > 0/s),
  ]);
});
