import { Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { exactSchema, stringifyValue } from 'c8connector';
import { beforeAll, expect, test } from 'vitest';
import type { MysqlStream } from '../c8_source_mysql/discover.ts';
import {
  configOf,
  createDatabase,
  describeServers,
  discoverAll,
  type Login,
  readLines,
  sharedServer,
} from './harness.ts';

/** A column of each type, with its lowest value, its highest, and an odd one. */
const extremes: readonly (readonly [type: string, low: string, high: string, odd: string])[] = [
  ['tinyint(1)', '-128', '127', '2'],
  ['tinyint unsigned', '0', '255', '1'],
  ['smallint', '-32768', '32767', '0'],
  ['mediumint', '-8388608', '8388607', '0'],
  ['int', '-2147483648', '2147483647', '0'],
  ['int unsigned zerofill', '0', '4294967295', '1'],
  ['bigint', '-9223372036854775808', '9223372036854775807', '0'],
  ['bigint unsigned', '0', '18446744073709551615', '1'],
  ['decimal(65,30)', `-${'9'.repeat(35)}.${'9'.repeat(30)}`, '1e-30', '0'],
  ['decimal(5,0)', '-99999', '99999', '0'],
  ['float', '-3.4028234e38', '3.4028234e38', '1e-45'],
  ['double', '-1.7976931348623157e308', '1.7976931348623157e308', '5e-324'],
  ['bit(1)', "b'0'", "b'1'", "b'1'"],
  ['bit(64)', '0', '18446744073709551615', '1'],
  ['char(3)', "''", "'☃☃☃'", "'😀  '"],
  ['varchar(3)', "''", "'☃☃☃'", String.raw`'\0\n"'`],
  ['mediumtext', "''", "repeat('é', 1000)", String.raw`'\\'`],
  ["enum('a', 'b')", "'a'", "'b'", "'nope'"],
  ["set('a', 'b')", "''", "'a,b'", "'nope'"],
  ['binary(3)', "x''", "x'ffffff'", "x'00'"],
  ['longblob', "''", 'repeat(0xff, 1000)', "x'00'"],
  ['date', "'0001-01-01'", "'9999-12-31'", "'2023-02-31'"],
  ['datetime(6)', "'0001-01-01'", "'9999-12-31 23:59:59.999999'", "'0000-00-00'"],
  ['timestamp null', "'1970-01-01 00:00:01'", "'2038-01-19 03:14:07'", "'0000-00-00'"],
  ['time(6)', "'-838:59:59'", "'838:59:59'", "'-00:00:00.000001'"],
  ['year', '1901', '2155', '0'],
  ['json', `'null'`, `'{"a": [1, "x", null, true, 1.5]}'`, `'"text"'`],
  ['geometry', 'point(0, 0)', `st_geomfromtext('POINT(1e300 -1e300)')`, `st_geomfromtext('GEOMETRYCOLLECTION EMPTY')`],
];

/**
 * Unknown formats and keywords are errors, so that none is ignored. Ajv computes with doubles: steps are exact to a billionth.
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
const schemaOf = ({ schema }: MysqlStream) => JSON.parse(stringifyValue(exactSchema(schema))) as object;

describeServers('schemas', (server) => {
  let database: Login;
  beforeAll(async () => {
    const columns = extremes.map(([type], index) => `c${index} ${type}`);
    const values = [1, 2, 3].map((place) => extremes.map((extreme) => extreme[place]).join(', '));
    database = await createDatabase(sharedServer(server), [
      `set sql_mode = 'ALLOW_INVALID_DATES', time_zone = '+00:00'`,
      `create table t (id int primary key auto_increment, ${columns.join(', ')})`,
      ...values.map((row) => `insert into t values (null, ${row})`),
      'insert into t (id) values (4)',
      'create view seen as select * from t',
      'create table strict (id int primary key, d date not null, j json not null, g point not null, n varchar(3) not null)',
      `insert into strict values (1, '0000-00-00', 'null', point(1, 2), 'n')`,
    ]);
  });

  test.each([{}, { out_of_range_dates: 'text', tinyint1_as_boolean: false }])(
    'with %j are valid in both drafts, and each record is valid against them',
    async (policies) => {
      const config = configOf(database, policies);
      const streams = await discoverAll(config);
      expect(streams.map(({ tableName }) => tableName)).toEqual(['seen', 'strict', 't']);
      for (const stream of streams) {
        const records = (await readLines(config, stream.tableName)).map((line) => JSON.parse(line) as unknown);
        expect(records.length).toBeGreaterThan(0);
        for (const [draft, open] of Object.entries(drafts)) {
          const ajv = open();
          expect(ajv.validateSchema(schemaOf(stream)), `${draft}: ${ajv.errorsText()}`).toBe(true);
          const validate = ajv.compile(schemaOf(stream));
          for (const record of records)
            expect(validate(record), `${draft}: ${ajv.errorsText(validate.errors)}`).toBe(true);
        }
      }
    },
  );
});
