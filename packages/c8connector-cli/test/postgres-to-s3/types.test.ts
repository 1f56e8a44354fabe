import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type MainJob, startMainJob } from './main-job.ts';

/** SQL type, values as SQL, and how DuckDB shows the column as the text that PostgreSQL shows. */
const columns: readonly {
  readonly type: string;
  readonly values: readonly string[];
  readonly parquet: string;
  readonly pg?: string;
  readonly duck?: string;
}[] = [
  { type: 'boolean', values: ['true', 'false'], parquet: 'BOOLEAN' },
  { type: 'bit(1)', values: ["B'1'", "B'0'"], parquet: 'BOOLEAN', pg: "({} = B'1')::text" },
  { type: 'smallint', values: ['-32768', '32767'], parquet: 'SMALLINT' },
  { type: 'integer', values: ['-2147483648', '2147483647'], parquet: 'INTEGER' },
  { type: 'bigint', values: ['-9223372036854775808', '9223372036854775807'], parquet: 'BIGINT' },
  { type: 'oid', values: ['0', '4294967295'], parquet: 'BIGINT' },
  { type: 'numeric(10,2)', values: ['1234.50', '-0.01'], parquet: 'DECIMAL(10,2)' },
  {
    type: 'numeric(38,9)',
    values: ['12345678901234567890123456789.123456789', '-99999999999999999999999999999.999999999'],
    parquet: 'DECIMAL(38,9)',
  },
  { type: 'numeric(38,0)', values: ['99999999999999999999999999999999999999', '-1'], parquet: 'DECIMAL(38,0)' },
  {
    type: 'numeric(60,20)',
    values: ['1234567890123456789012345678901234567890.12345678901234567890', '0'],
    parquet: 'VARCHAR',
  },
  {
    type: 'numeric',
    values: ['12345678901234567890.123456789012345678901234567890', '1e30', '0.10'],
    parquet: 'VARCHAR',
  },
  { type: 'real', values: ['1.1', '-1e30', '3.4028235e38'], parquet: 'FLOAT', pg: '{}::float8', duck: '{}::DOUBLE' },
  {
    type: 'double precision',
    values: ['1.1', '5e-324', '-1.7976931348623157e308', '0.1'],
    parquet: 'DOUBLE',
    pg: '{}::float8',
    duck: '{}',
  },
  {
    type: 'text',
    values: [`E'caf\\u00e9 \\u2603 "q" \\n\\t\\\\ \\r \\b \\f'`, `''`, `'😀'`, `repeat('x', 100000)`],
    parquet: 'VARCHAR',
  },
  { type: 'varchar(20)', values: [`'v20'`], parquet: 'VARCHAR' },
  { type: 'char(5)', values: [`'ab'`], parquet: 'VARCHAR', pg: `rpad({}::text, 5)` },
  { type: 'uuid', values: [`'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'`], parquet: 'VARCHAR' },
  {
    type: 'jsonb',
    values: [
      `'{"n": 12345678901234567890.123456789, "m": 3.50}'`,
      `'"text"'`,
      `'null'`,
      `'1.10'`,
      `'[1, 2.50, null]'`,
      `'{"a": "\\u00e9\\"\\n"}'`,
    ],
    parquet: 'VARCHAR',
  },
  { type: 'json', values: [`'{"b":1,  "a":[1,2.50,null], "b": 2}'`, `'12345678901234567890'`], parquet: 'VARCHAR' },
  { type: 'date', values: [`'2023-04-05'`, `'0001-01-01'`, `'9999-12-31'`, `'2000-02-29'`], parquet: 'DATE' },
  { type: 'time', values: [`'12:34:56.789'`, `'00:00'`, `'24:00'`], parquet: 'VARCHAR' },
  {
    type: 'money',
    values: [`'1234.56'`, `'-92233720368547758.08'`],
    parquet: 'DECIMAL(19,2)',
    pg: '{}::numeric::text',
  },
  {
    type: 'timetz',
    values: [`'12:34:56.5+02'`, `'01:02:03.004+05:30'`],
    parquet: 'VARCHAR',
    duck: `regexp_replace({}, ':00$', '')`,
  },
  {
    type: 'timestamp',
    values: [`'2023-04-05 06:07:08.123456'`, `'0001-01-01'`, `'9999-12-31 23:59:59.999999'`],
    parquet: 'TIMESTAMP',
  },
  {
    type: 'timestamptz',
    values: [`'2023-04-05 06:07:08.123456+03'`, `'1969-12-31 23:59:59.999999+00'`],
    parquet: 'TIMESTAMP WITH TIME ZONE',
  },
  { type: 'interval', values: [`'1 year 2 mons 3 days 04:05:06.7'`, `'-1 day'`, `'0'`], parquet: 'VARCHAR' },
  {
    type: 'bytea',
    values: [`'\\xdeadbeef00'`, `'\\x'`],
    parquet: 'BLOB',
    pg: `encode({}, 'hex')`,
    duck: 'lower(hex({}))',
  },
  { type: 'bit(4)', values: [`B'1010'`], parquet: 'VARCHAR' },
  { type: 'varbit', values: [`B'101'`, `B''`], parquet: 'VARCHAR' },
  {
    type: 'integer[]',
    values: [`'{1,NULL,3}'`, `'{}'`],
    parquet: 'INTEGER[]',
    pg: 'to_json({})::text',
    duck: 'to_json({})',
  },
  {
    type: 'integer[][]',
    values: [`'{{1,2},{3,NULL}}'`],
    parquet: 'INTEGER[][]',
    pg: 'to_json({})::text',
    duck: 'to_json({})',
  },
  {
    type: 'text[]',
    values: [`'{"a","b,c",NULL,"d\\"e"}'`],
    parquet: 'VARCHAR[]',
    pg: 'to_json({})::text',
    duck: 'to_json({})',
  },
  {
    type: 'numeric(38,9)[]',
    values: [`'{12345678901234567890123456789.123456789,NULL}'`],
    parquet: 'DECIMAL(38,9)[]',
    pg: `array_to_string({}, ',', 'x')`,
    duck: `array_to_string(list_transform({}, v -> coalesce(v::VARCHAR, 'x')), ',')`,
  },
  { type: 'mood', values: [`'ok'`, `'sad'`], parquet: 'VARCHAR' },
  { type: 'posint', values: ['7'], parquet: 'INTEGER' },
  { type: 'pair', values: [`'(1,"two words")'`], parquet: 'VARCHAR' },
  {
    type: 'inet',
    values: [`'192.168.1.5/24'`, `'::1'`],
    parquet: 'VARCHAR',
    pg: `CASE WHEN {} IS NOT NULL THEN format('%s', {}) END`,
  },
  { type: 'macaddr', values: [`'08:00:2b:01:02:03'`], parquet: 'VARCHAR' },
  { type: 'int4range', values: [`'[1,5)'`, `'empty'`], parquet: 'VARCHAR' },
  { type: 'point', values: [`'(1.5,-2)'`], parquet: 'VARCHAR' },
  { type: 'tsvector', values: [`'hello world'`], parquet: 'VARCHAR' },
];

let job: MainJob;
let parquet: string;
beforeAll(async () => {
  job = await startMainJob();
  await job.query(
    `CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE TYPE pair AS (x int, y text); CREATE DOMAIN posint AS integer CHECK (VALUE > 0)`,
  );
  await job.query(
    `CREATE TABLE all_types (id integer PRIMARY KEY, ${columns.map(({ type }, n) => `c${n} ${type}`).join(', ')})`,
  );
  const most = Math.max(...columns.map(({ values }) => values.length));
  for (let row = 0; row <= most; row += 1) {
    const values = columns.map(({ values }) => values[row] ?? 'NULL');
    await job.query(`INSERT INTO all_types VALUES (${[row, ...values].join(', ')})`);
  }
  const { code, stderr } = await job.start('sync', await job.connection('types.yaml')).ended;
  expect(code, stderr).toBe(0);
  parquet = await job.parquet('public-all_types/');
});
afterAll(async () => {
  await job[Symbol.asyncDispose]();
});

describe('from PostgreSQL to Parquet and back', () => {
  test.each(columns.map((column, n) => ({ ...column, name: `c${n}` })))(
    '$type is equal',
    async ({ name, parquet: expected, pg, duck }) => {
      const here = (pg ?? '{}::text').replaceAll('{}', name);
      await job.query(`SET intervalstyle = iso_8601; SET timezone = 'UTC'; SET extra_float_digits = 3`);
      const source = await job.query(`SELECT ${here} AS value FROM all_types ORDER BY id`);
      const there = (duck ?? '{}::VARCHAR').replaceAll('{}', name);
      const target = await job.duckdb(`SELECT ${there} AS value FROM ${parquet} ORDER BY id`);
      expect(target.map(({ value }) => value)).toEqual(source.rows.map(({ value }) => value));
      const [column] = await job.duckdb(`SELECT typeof(${name}) AS type FROM ${parquet} LIMIT 1`);
      expect(column?.type).toBe(expected);
    },
  );
});
