import { type Exactness, skipValue, type Value, type ValueSchema } from 'c8connector';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { MysqlStream } from '../c8_source_mysql/discover.ts';
import {
  configOf,
  connectTo,
  createDatabase,
  discoverAll,
  type Login,
  linesOf,
  recordingLog,
  rowsOfBoth,
  type ServerName,
  sharedServer,
} from './harness.ts';

/** A type of a nullable column, its schema, and values: as SQL literals, and the JSON that they become. The server that has it, if only one does. */
export type TypeCase = readonly [
  type: string,
  schema: ValueSchema,
  values: readonly (readonly [literal: string, json: string])[],
  only?: ServerName,
];

interface ReadOptions {
  readonly exact?: Exactness;
  readonly config?: Record<string, unknown>;
}

/** Tests that each type has its schema, and that its values become their JSON. Returns a function that reads values of a type in the same database. */
export function testTypes(server: ServerName, allCases: readonly TypeCase[]) {
  const cases = allCases.filter(([, , , only = server]) => only === server);
  let database: Login;
  let client: Awaited<ReturnType<typeof connectTo>>;
  let stream: MysqlStream;
  let lines: readonly string[];
  let rows: Awaited<ReturnType<typeof rowsOfBoth>>;
  let tables = 0;

  beforeAll(async () => {
    database = await createDatabase(sharedServer(server), casesTable(cases));
    client = await connectTo(database);
    await client.query(`set sql_mode = 'ALLOW_INVALID_DATES', time_zone = '+00:00'`);
    const config = configOf(database);
    stream = (await discoverAll(config))[0] as MysqlStream;
    lines = await linesOf(stream, config);
    rows = await rowsOfBoth(stream, config);
  });
  afterAll(() => client?.[Symbol.asyncDispose]());

  const titled = cases.map(([type, schema, values], index) => ({ type, schema, values, name: `c${index}` }));
  test.each(titled)('carries $type', ({ schema, values, name }) => {
    const read = lines.slice(0, values.length).map((line) => jsonOf(line, name));
    expect(read).toEqual(values.map(([, expected]) => expected));
    expect(stream.schema.properties[name]).toEqual(schema);
    expect(() => lines.map((line) => JSON.parse(line))).not.toThrow();
  });

  test.each(titled)('carries $type in typed arrays as in lines', ({ name }) => {
    const { fromLines, fromColumns } = rows;
    expect(fromLines.length).toBeGreaterThan(0);
    expect(fromColumns.map((row) => withoutBigint(row[name]))).toEqual(
      fromLines.map((row) => withoutBigint(row[name])),
    );
  });

  /** The schema of a column of the type, the JSON of its values, the first of these separately, and the warnings of the read. */
  return async (type: string, literals: readonly string[], { exact = 'number', config: more }: ReadOptions = {}) => {
    tables += 1;
    const table = `t${tables}`;
    await client.query(`create table ${table} (c ${type})`);
    await client.query(`insert into ${table} values (${literals.join('), (')})`);
    const config = configOf(database, { source_table: table, ...more });
    const log = recordingLog();
    const [found] = await discoverAll(config);
    const values = (await linesOf(found as MysqlStream, config, { log, exact })).map((line) => jsonOf(line, 'c'));
    return { schema: found?.schema.properties.c, values, json: values[0], warnings: log.warnings };
  };
}

/** A float that is an integer is a bigint in the rows of lines, and a number in those of typed arrays. */
function withoutBigint(value: Value | undefined): Value | undefined {
  return typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : value;
}

/** A table with a column for each case, and a row for each of its values; NULL where another case has more. */
function casesTable(cases: readonly TypeCase[]): readonly string[] {
  const columns = cases.map(([type], index) => `c${index} ${type.replaceAll(/\bc\b/g, `c${index}`)}`);
  const count = Math.max(...cases.map(([, , values]) => values.length));
  const rows = Array.from({ length: count }, (_, row) => cases.map(([, , values]) => values[row]?.[0] ?? 'null'));
  return [
    `set session sql_mode = 'ALLOW_INVALID_DATES', time_zone = '+00:00'`,
    `create table cases (${columns.join(', ')})`,
    `insert into cases values (${rows.map((row) => row.join(', ')).join('), (')})`,
  ];
}

/** The JSON of a column of a line, with its digits. */
function jsonOf(line: string, name: string): string {
  const bytes = Buffer.from(line);
  let start = bytes.indexOf(`${name === Object.keys(JSON.parse(line))[0] ? '{' : ','}"${name}":`);
  start = bytes.indexOf(':', start) + 1;
  return bytes.subarray(start, skipValue(bytes, start, bytes.length)).toString();
}

export const date: ValueSchema = { type: ['null', 'string'], format: 'date' };
export const time: ValueSchema = { type: ['null', 'string'], 'x-c8-type': 'mysql-time' };
export const timestamp: ValueSchema = { type: ['null', 'string'], format: 'date-time', 'x-c8-type': 'timestamp' };
export const timestamptz: ValueSchema = { type: ['null', 'string'], format: 'date-time', 'x-c8-type': 'timestamptz' };
export const year: ValueSchema = { type: ['null', 'integer'], minimum: 0, maximum: 9999 };
export const text: ValueSchema = { type: ['null', 'string'] };
export const double: ValueSchema = { type: ['null', 'number'] };
export const real: ValueSchema = { type: ['null', 'number'], 'x-c8-type': 'real' };
export const boolean: ValueSchema = { type: ['null', 'boolean'] };
export const binary: ValueSchema = { type: ['null', 'string'], contentEncoding: 'base64' };
export const json: ValueSchema = {
  type: ['null', 'boolean', 'number', 'string', 'array', 'object'],
  'x-c8-type': 'json',
};
export const geojson: ValueSchema = { type: ['null', 'object'], 'x-c8-type': 'geojson' };
export const vector: ValueSchema = { type: ['null', 'array'], items: { type: ['number'], 'x-c8-type': 'real' } };
export const decimal = (precision: number, scale: number): ValueSchema => ({
  type: ['null', 'number'],
  multipleOf: Number(`1e${-scale}`),
  'x-c8-type': `numeric(${precision},${scale})`,
});
/** A string of at most this many characters. */
export const string = (maxLength: number): ValueSchema => ({ type: ['null', 'string'], maxLength });
/** An integer within these bounds. */
export const integer = (minimum: number | string, maximum: number | string): ValueSchema => ({
  type: ['null', 'integer'],
  minimum,
  maximum,
});
