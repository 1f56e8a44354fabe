import type { Exactness, ValueSchema } from 'c8connector';
import { type PostgresServer, startPostgres } from 'test-services';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { configOf, connectTo, discoverAll, readLines, recordingLog } from './read.ts';

let server: PostgresServer;
let tables = 0;

beforeAll(async () => {
  server = await startPostgres();
  await using client = await connectTo(server);
  await client.query(`
    create extension hstore;
    create extension citext;
    create type mood as enum ('sad', 'so so');
    create type pair as (x int, y text);
    create domain positive as integer check (value > 0);
    create domain percentage as numeric(5, 2);
    create domain share as percentage;
    create domain price as money;
    create domain tags as text[]`);
});

afterAll(() => server.stop());

/** The schema of a column of the type, and the JSON text of the value, the first of several, as a row has it. */
async function readValue(
  type: string,
  literal: string,
  options: { exact?: Exactness; config?: Record<string, unknown> } = {},
) {
  const { values, ...facts } = await readValues(type, [literal], options);
  return { ...facts, json: values[0] ?? '' };
}

async function readValues(
  type: string,
  literals: readonly string[],
  options: { exact?: Exactness; config?: Record<string, unknown> } = {},
) {
  tables += 1;
  const table = `t${tables}`;
  await using client = await connectTo(server);
  await client.query(`create table ${table} (c ${type}); insert into ${table} values (${literals.join('), (')})`);
  const config = configOf(server, { filter_table: table, ...options.config });
  const log = recordingLog();
  const [stream] = await discoverAll(config);
  const lines = await readLines(config, `public-${table}`, { log, ...(options.exact && { exact: options.exact }) });
  return {
    schema: stream?.schema.properties.c,
    definitions: stream?.schema.definitions,
    values: lines.map((line) => line.slice('{"c":'.length, -1)),
    warnings: log.warnings,
  };
}

const date: ValueSchema = { type: ['null', 'string'], format: 'date' };
const time: ValueSchema = { type: ['null', 'string'], 'x-c8-type': 'time' };
const timetz: ValueSchema = { type: ['null', 'string'], format: 'time', 'x-c8-type': 'timetz' };
const timestamp: ValueSchema = { type: ['null', 'string'], format: 'date-time', 'x-c8-type': 'timestamp' };
const timestamptz: ValueSchema = { type: ['null', 'string'], format: 'date-time', 'x-c8-type': 'timestamptz' };
const text: ValueSchema = { type: ['null', 'string'] };
const double: ValueSchema = { type: ['null', 'number'] };
const real: ValueSchema = { type: ['null', 'number'], 'x-c8-type': 'real' };
const numeric: ValueSchema = { type: ['null', 'number'], 'x-c8-type': 'numeric' };
const boolean: ValueSchema = { type: ['null', 'boolean'] };
const binary: ValueSchema = { type: ['null', 'string'], contentEncoding: 'base64' };
const json: ValueSchema = { type: ['null', 'boolean', 'number', 'string', 'array', 'object'], 'x-c8-type': 'json' };
const hstore: ValueSchema = {
  type: ['null', 'object'],
  additionalProperties: { type: ['null', 'string'] },
  'x-c8-type': 'hstore',
};
const int: ValueSchema = { type: ['null', 'integer'], minimum: -(2 ** 31), maximum: 2 ** 31 - 1 };
const bigint: ValueSchema = { type: ['null', 'integer'], minimum: -(2n ** 63n), maximum: 2n ** 63n - 1n };
const decimal = (precision: number, scale: number): ValueSchema => ({
  type: ['null', 'number'],
  multipleOf: Number(`1e${-scale}`),
  'x-c8-type': `numeric(${precision},${scale})`,
});
/** A list of the declared depth; `array_item_1` is the definition of its items, which `itemOf` gives. */
const list = (depth = 1): ValueSchema => ({
  type: ['null', 'array'],
  items: { $ref: '#/definitions/array_item_1' },
  'x-c8-type': `array(${depth})`,
});
const manyDigits = '12345678901234567890.123456789012345678901234567890';

const cases: readonly (readonly [
  type: string,
  schema: ValueSchema,
  values: readonly (readonly [literal: string, json: string])[],
  element?: ValueSchema,
])[] = [
  [
    'boolean',
    boolean,
    [
      ['true', 'true'],
      ['false', 'false'],
      ['null', 'null'],
    ],
  ],
  [
    'bit(1)',
    boolean,
    [
      ["B'1'", 'true'],
      ["B'0'", 'false'],
    ],
  ],
  ['bit', boolean, [["B'1'", 'true']]],
  ['bit(4)', text, [["B'0101'", '"0101"']]],
  [
    'varbit(8)',
    text,
    [
      ["B'101'", '"101"'],
      ["B''", '""'],
    ],
  ],
  [
    'smallint',
    { type: ['null', 'integer'], minimum: -32768, maximum: 32767 },
    [
      ['-32768', '-32768'],
      ['32767', '32767'],
    ],
  ],
  [
    'integer',
    int,
    [
      ['-2147483648', '-2147483648'],
      ['2147483647', '2147483647'],
      ['null', 'null'],
    ],
  ],
  [
    'bigint',
    bigint,
    [
      ['9223372036854775807', '9223372036854775807'],
      ['-9223372036854775808', '-9223372036854775808'],
    ],
  ],
  ['oid', { type: ['null', 'integer'], minimum: 0, maximum: 4294967295 }, [['4294967295', '4294967295']]],
  [
    'numeric(10,2)',
    decimal(10, 2),
    [
      ['1234.5', '1234.50'],
      ['-0.01', '-0.01'],
      ["'NaN'", 'null'],
    ],
  ],
  [
    'numeric(38,0)',
    decimal(38, 0),
    [['99999999999999999999999999999999999999', '99999999999999999999999999999999999999']],
  ],
  ['numeric(120,50)', decimal(120, 50), [['1.5', '1.50000000000000000000000000000000000000000000000000']]],
  ['numeric(3,-2)', decimal(3, -2), [['12345', '12300']]],
  ['numeric(2,4)', decimal(2, 4), [['0.0012', '0.0012']]],
  [
    'numeric',
    numeric,
    [
      [manyDigits, manyDigits],
      ["'NaN'", 'null'],
      ["'Infinity'", 'null'],
      ["'-Infinity'", 'null'],
      ['1.10', '1.10'],
    ],
  ],
  [
    'real',
    real,
    [
      ['1.1', '1.1'],
      ['1e30', '1e+30'],
      ["'NaN'", 'null'],
      ["'-Infinity'", 'null'],
    ],
  ],
  [
    'double precision',
    double,
    [
      ['0.1', '0.1'],
      ['1e-10', '1e-10'],
      ['1e300', '1e+300'],
      ["'Infinity'", 'null'],
    ],
  ],
  [
    'text',
    text,
    [
      [
        String.raw`E'caf\u00e9 \u2603 "q" \n\t\\\r\b\f\u0001\u007f'`,
        '"café ☃ \\"q\\" \\n\\t\\\\\\r\\b\\f\\u0001\u007f"',
      ],
      ["'\\N'", '"\\\\N"'],
      ["'😀\u2028'", '"😀\u2028"'],
      ["''", '""'],
      ['null', 'null'],
      [String.raw`E'\v'`, '"\\u000b"'],
    ],
  ],
  ['citext', text, [["'CiText'", '"CiText"']]],
  ['name', text, [["'nm'", '"nm"']]],
  ['"char"', text, [["'x'", '"x"']]],
  ['char(5)', { ...text, maxLength: 5 }, [["'ab'", '"ab   "']]],
  ['varchar(20)', { ...text, maxLength: 20 }, [["'ab '", '"ab "']]],
  ['varchar', text, [["'ab'", '"ab"']]],
  [
    'uuid',
    { ...text, format: 'uuid' },
    [["'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'", '"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"']],
  ],
  [
    'json',
    json,
    [
      [`'{"b":1,  "a":[1,2.50,null], "b":2}'`, '{"b":1,  "a":[1,2.50,null], "b":2}'],
      ["'null'", 'null'],
      ['null', 'null'],
      [String.raw`E'{"a":\n\t"x\\ny"}'`, '{"a": \t"x\\ny"}'],
      ["'1e400'", '1e400'],
    ],
  ],
  [
    'jsonb',
    json,
    [
      [`'{"b":1,"a":[2.50]}'`, '{"a": [2.50], "b": 1}'],
      [`'"s\\"q"'`, '"s\\"q"'],
      ["'12345678901234567890.5'", '12345678901234567890.5'],
    ],
  ],
  [
    'date',
    date,
    [
      ["'2023-04-05'", '"2023-04-05"'],
      ["'0044-03-15'", '"0044-03-15"'],
      ["'infinity'", '"9999-12-31"'],
      ["'-infinity'", '"0001-01-01"'],
      ["'0044-03-15 BC'", '"0001-01-01"'],
      ["'20000-01-01'", '"9999-12-31"'],
    ],
  ],
  [
    'time',
    time,
    [
      ["'12:34:56.789'", '"12:34:56.789"'],
      ["'24:00:00'", '"24:00:00"'],
    ],
  ],
  [
    'timetz',
    timetz,
    [
      ["'12:34:56.5+02'", '"12:34:56.5+02:00"'],
      ["'01:02:03+05:30'", '"01:02:03+05:30"'],
      ["'01:02:03-15:59:59'", '"01:02:03-15:59"'],
      ["'24:00:00+00'", '"23:59:59.999999+00:00"'],
    ],
  ],
  [
    'timestamp',
    timestamp,
    [
      ["'2023-04-05 06:07:08.123456'", '"2023-04-05T06:07:08.123456+00:00"'],
      ["'2023-04-05 06:07:08'", '"2023-04-05T06:07:08+00:00"'],
      ["'infinity'", '"9999-12-31T23:59:59.999999+00:00"'],
      ["'-infinity'", '"0001-01-01T00:00:00+00:00"'],
      ["'0044-03-15 01:02:03 BC'", '"0001-01-01T00:00:00+00:00"'],
      ["'20000-01-01 00:00:00'", '"9999-12-31T23:59:59.999999+00:00"'],
    ],
  ],
  [
    'timestamptz',
    timestamptz,
    [
      ["'2023-04-05 06:07:08.5+03'", '"2023-04-05T03:07:08.5+00:00"'],
      ["'infinity'", '"9999-12-31T23:59:59.999999+00:00"'],
      ["'0044-03-15 01:02:03+00 BC'", '"0001-01-01T00:00:00+00:00"'],
    ],
  ],
  [
    'interval',
    { ...text, 'x-c8-type': 'interval' },
    [
      ["'1 year 2 mons 3 days 04:05:06.7'", '"P1Y2M3DT4H5M6.7S"'],
      ["'-1 day'", '"P-1D"'],
      ["'infinity'", '"P178000000Y"'],
      ["'-infinity'", '"P-178000000Y"'],
    ],
  ],
  [
    'bytea',
    binary,
    [
      ["'\\xdeadbeef'", '"3q2+7w=="'],
      ["'\\x'", '""'],
      ["'\\x00ff10'", '"AP8Q"'],
      ["'\\xdeadbeef01'", '"3q2+7wE="'],
    ],
  ],
  [
    'integer[]',
    list(),
    [
      ["'{1,NULL,3}'", '[1,null,3]'],
      ["'{}'", '[]'],
      ['null', 'null'],
      ["'[0:1]={7,8}'", '[7,8]'],
      ["'{{1},{2}}'", '[[1],[2]]'],
    ],
    int,
  ],
  [
    'integer[][]',
    list(2),
    [
      ["'{{1,2},{3,NULL}}'", '[[1,2],[3,null]]'],
      ["'{5}'", '[5]'],
    ],
    int,
  ],
  [
    'text[]',
    list(),
    [
      [
        String.raw`'{"a","b,c",NULL,"NULL","d\"e","f\\g","{h}",""}'`,
        String.raw`["a","b,c",null,"NULL","d\"e","f\\g","{h}",""]`,
      ],
      [String.raw`array[E'x\ny', E't\tz']`, String.raw`["x\ny","t\tz"]`],
    ],
    text,
  ],
  ['numeric(10,2)[]', list(), [["'{1.5,NaN}'", '[1.50,null]']], decimal(10, 2)],
  ['double precision[]', list(), [["'{1.5,Infinity,-Infinity}'", '[1.5,null,null]']], double],
  ['boolean[]', list(), [["'{t,f,NULL}'", '[true,false,null]']], boolean],
  ['date[]', list(), [["'{2023-04-05,infinity}'", '["2023-04-05","9999-12-31"]']], date],
  [
    'timestamp[]',
    list(),
    [[`'{"2023-04-05 06:07:08",-infinity}'`, '["2023-04-05T06:07:08+00:00","0001-01-01T00:00:00+00:00"]']],
    timestamp,
  ],
  ['jsonb[]', list(), [[`array['{"a": "x\\"y"}', '1.50']::jsonb[]`, '[{"a": "x\\"y"},1.50]']], json],
  ['bytea[]', list(), [["array['\\xdead'::bytea]", '["3q0="]']], binary],
  ['box[]', list(), [["'{(2,2),(1,1);(4,4),(3,3)}'", '["(2,2),(1,1)","(4,4),(3,3)"]']], text],
  ['mood[]', list(), [["'{sad,so so}'", '["sad","so so"]']], text],
  ['pair[]', list(), [[`array[row(1,'a "b"')::pair]`, '["(1,\\"a \\"\\"b\\"\\"\\")"]']], text],
  [
    'hstore',
    hstore,
    [
      [`'"a"=>"1","b"=>NULL, "q\\"k"=>"NULL"'`, '{"a":"1","b":null,"q\\"k":"NULL"}'],
      ["''", '{}'],
    ],
  ],
  ['mood', text, [["'so so'", '"so so"']]],
  [
    'money',
    decimal(19, 2),
    [
      ["'$1,234.56'", '1234.56'],
      ["'-0.01'", '-0.01'],
      ["'-92233720368547758.08'", '-92233720368547758.08'],
      ["'92233720368547758.07'", '92233720368547758.07'],
    ],
  ],
  ['money[]', list(), [['\'{"$1,234.56",-0.01,NULL}\'', '[1234.56,-0.01,null]']], decimal(19, 2)],
  ['price', decimal(19, 2), [["'12.3'", '12.30']]],
  [
    'inet',
    text,
    [
      ["'192.168.1.5/24'", '"192.168.1.5/24"'],
      ["'::1'", '"::1"'],
    ],
  ],
  ['cidr', text, [["'10.0.0.0/8'", '"10.0.0.0/8"']]],
  ['macaddr', text, [["'08:00:2b:01:02:03'", '"08:00:2b:01:02:03"']]],
  ['xml', text, [["'<a>1</a>'", '"<a>1</a>"']]],
  ['tsvector', text, [["'hello world'", `"'hello' 'world'"`]]],
  [
    'int4range',
    text,
    [
      ["'[1,5)'", '"[1,5)"'],
      ["'empty'", '"empty"'],
    ],
  ],
  ['tstzrange', text, [["'[2023-01-01,)'", '"[\\"2023-01-01 00:00:00+00\\",)"']]],
  ['int4multirange', text, [["'{[1,3),[5,7)}'", '"{[1,3),[5,7)}"']]],
  ['point', text, [["'(1.5,-2)'", '"(1.5,-2)"']]],
  ['int2vector', text, [["'1 2'", '"1 2"']]],
  ['pair', text, [["row(1, 'two words')", '"(1,\\"two words\\")"']]],
  ['positive', int, [['7', '7']]],
  ['share', decimal(5, 2), [['1.5', '1.50']]],
  ['tags', list(), [["'{a,b}'", '["a","b"]']], text],
  ['share[]', list(), [['array[1.5]', '[1.50]']], decimal(5, 2)],
];

describe('the type table', () => {
  const named = cases.map(([type, schema, values, element]) => ({ type, schema, values, element }));
  test.each(named)('carries $type', async ({ type, schema, values, element }) => {
    const read = await readValues(
      type,
      values.map(([literal]) => literal),
    );
    expect(read.values).toEqual(values.map(([, expected]) => expected));
    expect(read.schema).toEqual(schema);
    const nested = { type: 'array', items: { $ref: '#/definitions/array_item_1' } };
    expect(read.definitions).toEqual(element && { array_item_1: { anyOf: [element, nested] } });
    expect(() => read.values.map((value) => JSON.parse(value))).not.toThrow();
  });

  test('carries generated columns as their type', async () => {
    await using client = await connectTo(server);
    await client.query(
      'create table generated (id int, twice int generated always as (id * 2) stored); insert into generated values (4)',
    );
    expect(await readLines(configOf(server), 'public-generated')).toEqual(['{"id":4,"twice":8}']);
  });
});

describe('a type that only has the name of another', () => {
  test('is known by its oid or its extension, whatever it is made of', async () => {
    const dbname = await server.createDatabase();
    await using client = await connectTo(server, dbname);
    await client.query(`
      create type hstore as enum ('a', 'b'); create domain numeric as text; create type json as (x int); create type bytea as enum ('x');
      create type date as range (subtype = pg_catalog.int4); create domain pairs as public.hstore[];
      create table t (id int primary key, h hstore, hs hstore[], n public.numeric, j public.json, by public.bytea, d public.date,
        dm public.date_multirange, p pairs, secret text);
      insert into t values (1, 'a', '{a,b}', 'NaN', '(1)', 'x', '[1,2)', '{[1,2)}', '{b}', 's1'),
        (2, 'b', null, null, null, null, null, null, null, 's2'), (3, null, '{NULL}', '', '()', null, 'empty', '{}', '{}', 's3')`);
    const lines = await readLines(configOf(server, { dbname }), 'public-t');
    expect(lines).toEqual([
      '{"id":1,"h":"a","hs":["a","b"],"n":"NaN","j":"(1)","by":"x","d":"[1,2)","dm":"{[1,2)}","p":["b"],"secret":"s1"}',
      '{"id":2,"h":"b","hs":null,"n":null,"j":null,"by":null,"d":null,"dm":null,"p":null,"secret":"s2"}',
      '{"id":3,"h":null,"hs":[null],"n":"","j":"()","by":null,"d":"empty","dm":"{}","p":[],"secret":"s3"}',
    ]);
  });

  test('is hstore in any schema that its extension is in, and in domains and arrays of it', async () => {
    const dbname = await server.createDatabase();
    await using client = await connectTo(server, dbname);
    await client.query(`
      create schema extensions; create extension hstore schema extensions; create domain tagged as extensions.hstore;
      create table t (h extensions.hstore, d tagged, list tagged[]);
      insert into t values ('a=>1', 'b=>NULL', array['c=>"{,}"'::tagged, null])`);
    const lines = await readLines(configOf(server, { dbname }), 'public-t');
    expect(lines).toEqual(['{"h":{"a":"1"},"d":{"b":null},"list":[{"c":"{,}"},null]}']);
  });
});

describe('lines of exactness text', () => {
  test.each([
    ['numeric(10,2)', '1234.5', '"1234.50"'],
    ['numeric', manyDigits, `"${manyDigits}"`],
    ['numeric', "'NaN'", 'null'],
    ['numeric(10,2)[]', "'{1.5,NULL}'", '["1.50",null]'],
    ['jsonb', `'{"a": 1.50}'`, String.raw`"{\"a\": 1.50}"`],
    ['jsonb', "'null'", '"null"'],
    ['json', String.raw`E'[1,\n2]'`, String.raw`"[1,\n2]"`],
    ['json', 'null', 'null'],
    ['jsonb[]', "array['1.50', null]::jsonb[]", '["1.50",null]'],
    ['hstore', `'"a"=>"x\\"y"'`, String.raw`"{\"a\":\"x\\\"y\"}"`],
    ['double precision', '1.5', '1.5'],
    ['bigint', '9223372036854775807', '9223372036854775807'],
    ['date', "'2023-04-05'", '"2023-04-05"'],
  ])('hold %s %s as %s', async (type, literal, expected) => {
    expect((await readValue(type, literal, { exact: 'text' })).json).toBe(expected);
  });
});

describe('special_numbers', () => {
  test('null counts them, and tells it once a column', async () => {
    const { json: value, warnings } = await readValue('double precision[]', "'{NaN,Infinity,1}'");
    expect(value).toBe('[null,null,1]');
    expect(warnings).toEqual([expect.stringMatching(/^2 values of the column c of public-t\d+ .* null/)]);
  });

  test('null makes a NOT NULL column nullable, since it may write null', async () => {
    expect((await readValue('double precision not null', "'NaN'")).schema).toEqual(double);
  });

  test.each([
    ['number', "'NaN'", '"NaN"'],
    ['number', '1.5', '1.5'],
    ['text', "'-Infinity'", String.raw`"\"-Infinity\""`],
    ['text', '1.5', '"1.5"'],
  ] as const)('text keeps them in lines of exactness %s: %s is %s', async (exact, literal, expected) => {
    const {
      json: value,
      schema,
      warnings,
    } = await readValue('double precision', literal, { exact, config: { special_numbers: 'text' } });
    expect(value).toBe(expected);
    expect(schema).toEqual({ type: ['null', 'string', 'number'] });
    expect(warnings).toEqual([]);
  });

  test('fail names the column', async () => {
    const reading = readValue('numeric', "'NaN'", { config: { special_numbers: 'fail' } });
    await expect(reading).rejects.toMatchObject({
      code: 'value_refused',
      exitCode: 1,
      details: { column: 'c' },
      message: expect.stringContaining('NaN'),
    });
  });
});

describe('out_of_range_dates', () => {
  test('clamp counts them, and tells it once a column', async () => {
    const { warnings } = await readValues('date', ["'infinity'", "'-infinity'", "'2023-04-05'"]);
    expect(warnings).toEqual([expect.stringMatching(/^2 dates of the column c .* clamped$/)]);
  });

  test('null writes null, also in a column that is NOT NULL', async () => {
    const { json: value, schema } = await readValue('timestamp not null', "'infinity'", {
      config: { out_of_range_dates: 'null' },
    });
    expect({ value, schema }).toEqual({ value: 'null', schema: timestamp });
  });

  test('text keeps them, and the column is text', async () => {
    const { json: value, schema } = await readValue('date', "'0044-03-15 BC'", {
      config: { out_of_range_dates: 'text' },
    });
    expect({ value, schema }).toEqual({ value: '"0044-03-15 BC"', schema: text });
  });

  test('fail names the column and the value', async () => {
    const reading = readValue('timestamptz', "'infinity'", { config: { out_of_range_dates: 'fail' } });
    await expect(reading).rejects.toMatchObject({
      code: 'value_refused',
      message: expect.stringContaining('infinity'),
    });
  });
});

describe('unbounded_numeric', () => {
  test('double leaves the digits, and the number bare', async () => {
    const { json: value, schema } = await readValue('numeric', manyDigits, {
      exact: 'text',
      config: { unbounded_numeric: 'double' },
    });
    expect({ value, schema }).toEqual({ value: manyDigits, schema: double });
  });

  test.each([
    ['1', '1.000000000'],
    ['0.12345678949', '0.123456789'],
    ['0.1234567895', '0.123456790'],
    ['-9.9999999995', '-10.000000000'],
    ['-0.0000000001', '0.000000000'],
    ['99999999999999999999999999999.999999999', '99999999999999999999999999999.999999999'],
    ["'NaN'", 'null'],
  ])('decimal(38,9) rounds %s to %s', async (literal, expected) => {
    const { json: value, schema } = await readValue('numeric', literal, {
      config: { unbounded_numeric: 'decimal(38,9)' },
    });
    expect({ value, schema }).toEqual({ value: expected, schema: decimal(38, 9) });
  });

  test('decimal(38,9) refuses what has too many digits, and names the column', async () => {
    const reading = readValue('numeric', '1e29', { config: { unbounded_numeric: 'decimal(38,9)' } });
    await expect(reading).rejects.toMatchObject({ code: 'value_refused', details: { column: 'c' } });
  });
});
