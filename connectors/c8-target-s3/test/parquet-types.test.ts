import { describe, expect, it } from 'vitest';
import { dateTime, integer, list, number, string } from './column-schemas.ts';
import { type Columns, flush, records, schemaOf, statesOf, targetOpener } from './harness.ts';
import { query } from './read-back.ts';

const openTarget = targetOpener();

interface Case {
  readonly schema: Columns[string];
  /** JSON of the value in lines of exactness `text`. */
  readonly json: string;
  readonly type: string;
  /** How DuckDB prints what it reads back. */
  readonly stored: string;
}

const text = (json: string, schema: Columns[string], type: string, stored: string): Case => ({
  schema,
  json,
  type,
  stored,
});
const cases: Readonly<Record<string, Case>> = {
  true: text('true', { type: ['null', 'boolean'] }, 'BOOLEAN', 'true'),
  false: text('false', { type: ['null', 'boolean'] }, 'BOOLEAN', 'false'),
  'a tinyint': text('-128', integer(-128, 127), 'TINYINT', '-128'),
  'an unsigned tinyint': text('255', integer(0, 255), 'SMALLINT', '255'),
  'a smallint': text('-32768', integer(-32768, 32767), 'SMALLINT', '-32768'),
  'a year': text('2155', integer(0, 2155), 'SMALLINT', '2155'),
  'an integer': text('2147483647', integer(-2147483648, 2147483647), 'INTEGER', '2147483647'),
  'an oid': text('4294967295', integer(0, 4294967295), 'BIGINT', '4294967295'),
  'the largest bigint': text('9223372036854775807', integer(), 'BIGINT', '9223372036854775807'),
  'the smallest bigint': text('-9223372036854775808', integer(), 'BIGINT', '-9223372036854775808'),
  'an integer that is written as a fraction': text('12.0', integer(), 'BIGINT', '12'),
  'a decimal of 38 digits': text(
    '"-123456789012345678901234567.12345678901"',
    number('numeric(38,11)'),
    'DECIMAL(38,11)',
    '-123456789012345678901234567.12345678901',
  ),
  'a decimal that a double would change': text(
    '"123456789012345678.12"',
    number('numeric(20,2)'),
    'DECIMAL(20,2)',
    '123456789012345678.12',
  ),
  'a decimal with fewer digits than its scale': text('"1.5"', number('numeric(10,3)'), 'DECIMAL(10,3)', '1.500'),
  'a decimal with zeros past its scale': text('"1.5000"', number('numeric(10,2)'), 'DECIMAL(10,2)', '1.50'),
  'a decimal with an exponent': text('"1.5E-1"', number('numeric(10,2)'), 'DECIMAL(10,2)', '0.15'),
  'a decimal of 40 digits': text(
    '"1234567890123456789012345678901234567890"',
    number('numeric(40,0)'),
    'VARCHAR',
    '1234567890123456789012345678901234567890',
  ),
  'a decimal of a negative scale': text('"12300"', number('numeric(5,-2)'), 'VARCHAR', '12300'),
  'a numeric of any size': text(
    '"0.10000000000000000000000000000000000000000001"',
    number('numeric'),
    'VARCHAR',
    '0.10000000000000000000000000000000000000000001',
  ),
  'a multiple of 0.01': text('"17.00"', { type: 'number', multipleOf: 0.01 }, 'DECIMAL(38,2)', '17.00'),
  'a real': text('0.1', number('real'), 'FLOAT', '0.1'),
  'a double': text('1.7976931348623157e308', { type: 'number' }, 'DOUBLE', '1.7976931348623157e+308'),
  'the smallest double': text('5e-324', { type: 'number' }, 'DOUBLE', '5e-324'),
  'minus zero': text('-0.0', { type: 'number' }, 'DOUBLE', '-0.0'),
  'a text': text(String.raw`"it's \"q\" \\ \n é 😀"`, string(), 'VARCHAR', 'it\'s "q" \\ \n é 😀'),
  'an empty text': text('""', string(), 'VARCHAR', ''),
  'a date': text('"2024-02-29"', string({ format: 'date' }), 'DATE', '2024-02-29'),
  'a date with midnight': text('"2024-02-29T00:00:00Z"', string({ format: 'date' }), 'DATE', '2024-02-29'),
  'a time': text('"12:34:56.789"', string({ format: 'time', 'x-c8-type': 'time' }), 'TIME', '12:34:56.789'),
  'a time with zeros': text('"12:34:56.700000"', string({ format: 'time' }), 'TIME', '12:34:56.7'),
  'a time with a zone': text(
    '"12:34:56.5+02:00"',
    string({ format: 'time', 'x-c8-type': 'timetz' }),
    'VARCHAR',
    '12:34:56.5+02:00',
  ),
  'a timestamp': text(
    '"2023-04-05T06:07:08.123456+00:00"',
    dateTime('timestamp'),
    'TIMESTAMP',
    '2023-04-05 06:07:08.123456',
  ),
  'a timestamp with a zone': text(
    '"2023-04-05T06:07:08.123456+00:00"',
    dateTime('timestamptz'),
    'TIMESTAMP WITH TIME ZONE',
    '2023-04-05 06:07:08.123456+00',
  ),
  'a date-time with an offset': text(
    '"2023-04-05T06:07:08+05:30"',
    string({ format: 'date-time' }),
    'TIMESTAMP WITH TIME ZONE',
    '2023-04-05 00:37:08+00',
  ),
  'a date-time with nanoseconds that are zero': text(
    '"2023-04-05T06:07:08.123456000Z"',
    string({ format: 'date-time' }),
    'TIMESTAMP WITH TIME ZONE',
    '2023-04-05 06:07:08.123456+00',
  ),
  'the last moment of the year 9999': text(
    '"9999-12-31T23:59:59.999999+00:00"',
    dateTime('timestamptz'),
    'TIMESTAMP WITH TIME ZONE',
    '9999-12-31 23:59:59.999999+00',
  ),
  bytes: text('"AAH/"', string({ contentEncoding: 'base64' }), 'BLOB', '\\x00\\x01\\xFF'),
  'no bytes': text('""', string({ contentEncoding: 'base64' }), 'BLOB', ''),
  'JSON text, digit by digit': text(
    String.raw`"{\"a\": 3.50, \"n\": 12345678901234567890.123}"`,
    { 'x-c8-type': 'json' },
    'VARCHAR',
    '{"a": 3.50, "n": 12345678901234567890.123}',
  ),
  'a free object': text(String.raw`"{\"x\":[1]}"`, { type: ['null', 'object'] }, 'VARCHAR', '{"x":[1]}'),
  'a list of bigints': text('[9007199254740993,null]', list(integer()), 'BIGINT[]', '[9007199254740993, NULL]'),
  'a list of decimals': text(
    '["123456789012345678.12"]',
    list(number('numeric(20,2)')),
    'DECIMAL(20,2)[]',
    '[123456789012345678.12]',
  ),
  'a list of texts': text(String.raw`["[1]","a\"b",null,""]`, list(string()), 'VARCHAR[]', `['[1]', 'a"b', NULL, '']`),
  'a list of objects': text(
    String.raw`["{\"n\":1.50}",null]`,
    list({ type: 'object' }),
    'VARCHAR[]',
    `['{"n":1.50}', NULL]`,
  ),
  'a list of lists': text('[[1,2],null,[]]', list(list(integer())), 'BIGINT[][]', '[[1, 2], NULL, []]'),
  'a list of timestamps': text(
    '["2023-04-05T06:07:08+00:00"]',
    list(dateTime('timestamptz')),
    'TIMESTAMP WITH TIME ZONE[]',
    `['2023-04-05 06:07:08+00']`,
  ),
  'an empty list': text('[]', list(string()), 'VARCHAR[]', '[]'),
};

describe('A Parquet column', () => {
  it('reads back every type equal, and null as null', async () => {
    using target = openTarget({ time_type: 'time' });
    const names = Object.keys(cases);
    const schema = schemaOf(
      's',
      Object.fromEntries(Object.entries(cases).map(([name, { schema: each }]) => [name, each])),
    );
    const row = `{${Object.entries(cases)
      .map(([name, { json }]) => `${JSON.stringify(name)}:${json}`)
      .join(',')}}`;
    const nulls = `{${names.map((name) => `${JSON.stringify(name)}:null`).join(',')}}`;
    await statesOf(target.config, [schema, records(schema, [row]), flush(1), records(schema, [nulls, '{}']), flush(2)]);

    const types = await query(target.server, target.bucket, 'DESCRIBE SELECT * FROM read_parquet({files})');
    const columns = names.map((name) => `CAST("${name}" AS VARCHAR) AS "${name}"`).join(', ');
    const rows = await query(
      target.server,
      target.bucket,
      `SELECT ${columns} FROM read_parquet({files}) ORDER BY "true" NULLS LAST`,
    );

    expect(types).toMatchObject(
      Object.entries(cases).map(([column_name, { type }]) => ({ column_name, column_type: type })),
    );
    const none = Object.fromEntries(names.map((name) => [name, null]));
    expect(rows).toEqual([
      Object.fromEntries(Object.entries(cases).map(([name, { stored }]) => [name, stored])),
      none,
      none,
    ]);
  });

  it('stores times as text by default, so that 24:00:00 is possible and every reader accepts the file', async () => {
    await using target = await openTarget();
    const schema = schemaOf('s', { clock: string({ 'x-c8-type': 'time' }) });
    await statesOf(target.config, [schema, records(schema, ['{"clock":"24:00:00"}']), flush(1)]);
    const sql = 'SELECT clock, typeof(clock) AS type FROM read_parquet({files})';
    expect(await query(target.server, target.bucket, sql)).toEqual([{ clock: '24:00:00', type: 'VARCHAR' }]);
  });
});
