import { Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { exactSchema, stringifyValue } from 'c8connector';
import { beforeAll, expect, test } from 'vitest';
import type { PostgresStream } from '../c8_source_postgres/discover.ts';
import { extremeTypesSql } from './extreme-types.ts';
import { configOf, createDatabase, discoverAll, type Login, readLines } from './harness.ts';

let database: Login;
beforeAll(async () => {
  database = await createDatabase(extremeTypesSql);
});

/**
 * Unknown formats and keywords are errors, so that none is ignored. Ajv computes with doubles: steps are exact to a billionth, and 1e400 is infinite.
 */
const options = {
  strict: true,
  strictTypes: false,
  strictNumbers: false,
  allowUnionTypes: true,
  multipleOfPrecision: 9,
  keywords: ['x-c8-type'],
};
const drafts = {
  'draft 7': () => formats.default(new Ajv(options)),
  '2020-12': () => formats.default(new Ajv2020(options)),
};

/** As a target reads it: JSON text, with numbers as doubles. */
const schemaOf = ({ schema }: PostgresStream) => JSON.parse(stringifyValue(exactSchema(schema))) as object;

test.each([
  {},
  { arrays: 'json', out_of_range_dates: 'text' },
  { out_of_range_dates: 'null', special_numbers: 'text', unbounded_numeric: 'double' },
])('with %j each schema is valid in both drafts, and each record is valid against it', async (policies) => {
  const config = configOf(database, policies);
  const streams = await discoverAll(config);
  expect(streams.map(({ tableName }) => tableName)).toEqual(['copied', 'extremes', 'seen']);
  for (const stream of streams) {
    const records = (await readLines(config, stream.id)).map((line) => JSON.parse(line) as unknown);
    for (const [draft, open] of Object.entries(drafts)) {
      const ajv = open();
      expect(ajv.validateSchema(schemaOf(stream)), `${draft}: ${ajv.errorsText()}`).toBe(true);
      const validate = ajv.compile(schemaOf(stream));
      for (const record of records) expect(validate(record), `${draft}: ${ajv.errorsText(validate.errors)}`).toBe(true);
    }
  }
});

test('an array of unknown depth is JSON for targets with typed columns, and any depth is valid', async () => {
  const streams = await discoverAll(configOf(database, { filter_table: 'copied' }));
  const named = (policies: object) =>
    discoverAll(configOf(database, { filter_table: 'extremes', ...policies })).then(([stream]) => arrayNames(stream));
  // Arrays of a domain keep the depth that it declares.
  const names = arrayNames(streams[0]);
  expect(names.filter((name) => name !== 'json')).toEqual(['array(1)', 'array(1)']);
  expect(await named({})).toEqual(expect.arrayContaining(['array(1)', 'array(2)']));
  expect(await named({ arrays: 'json' })).toEqual(names.map(() => 'json'));
});

function arrayNames(stream: PostgresStream | undefined): unknown[] {
  const properties = Object.values(stream?.schema.properties ?? {});
  return properties.filter(({ items }) => items !== undefined).map((property) => property['x-c8-type']);
}
