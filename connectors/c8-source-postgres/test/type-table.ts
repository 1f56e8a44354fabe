import type { Exactness, ValueSchema } from 'c8connector';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PostgresStream } from '../c8_source_postgres/discover.ts';
import {
  configOf,
  connectTo,
  createDatabase,
  discoverAll,
  type Login,
  linesOf,
  recordingLog,
  rowsOfBoth,
} from './harness.ts';

/** A type of a nullable column, its schema, and values: as SQL literals, and the JSON that they become. */
export type TypeCase = readonly [
  type: string,
  schema: ValueSchema | ListSchema,
  values: readonly (readonly [literal: string, json: string])[],
];

/** The schema of an array column; an item is an `element` or another such array. */
type ListSchema = ValueSchema & { readonly element: ValueSchema };

interface ReadOptions {
  readonly exact?: Exactness;
  readonly config?: Record<string, unknown>;
}

const ownTypes = `
  create extension hstore;
  create extension citext;
  create type mood as enum ('sad', 'so so');
  create type pair as (x int, y text);
  create domain positive as integer check (value > 0);
  create domain percentage as numeric(5, 2);
  create domain share as percentage;
  create domain price as money;
  create domain tags as text[];`;

/** Tests that each type has its schema, and that its values become their JSON. Returns a function that reads values of a type in the same database. */
export function testTypes(cases: readonly TypeCase[]) {
  let database: Login;
  let client: Awaited<ReturnType<typeof connectTo>>;
  let streams: ReadonlyMap<string, PostgresStream>;
  let tables = 0;

  beforeAll(async () => {
    database = await createDatabase(ownTypes + cases.map(caseTable).join('\n'));
    client = await connectTo(database);
    streams = new Map((await discoverAll(configOf(database))).map((stream) => [stream.tableName, stream]));
  });
  afterAll(() => client[Symbol.asyncDispose]());

  const titled = cases.map(([type, schema, values], index) => ({ type, schema, values, table: `case_${index}` }));
  test.each(titled)('carries $type', async ({ schema, values, table }) => {
    const stream = streams.get(table) as PostgresStream;
    const read = (await linesOf(stream, configOf(database))).map(jsonOf);
    expect(read).toEqual(values.map(([, expected]) => expected));
    const { element, ...column } = 'element' in schema ? schema : { ...schema, element: undefined };
    const nested = { type: 'array', items: { $ref: '#/definitions/array_item_1' } };
    expect(stream.schema.properties.c).toEqual(column);
    expect(stream.schema.definitions).toEqual(element && { array_item_1: { anyOf: [element, nested] } });
    expect(() => read.map((value) => JSON.parse(value))).not.toThrow();
  });

  test.each(titled)('carries $type in typed arrays as in lines', async ({ table, values }) => {
    const { fromLines, fromColumns } = await rowsOfBoth(streams.get(table) as PostgresStream, configOf(database));
    expect(fromLines).toHaveLength(values.length);
    expect(fromColumns).toEqual(fromLines);
  });

  /** The schema of a column of the type, the JSON of its values, the first of these separately, and the warnings of the read. */
  return async (type: string, literals: readonly string[], { exact = 'number', config: more }: ReadOptions = {}) => {
    tables += 1;
    const table = `t${tables}`;
    await client.query(`create table ${table} (c ${type}); insert into ${table} values (${literals.join('), (')})`);
    const config = configOf(database, { filter_table: table, ...more });
    const log = recordingLog();
    const [stream] = await discoverAll(config);
    const values = (await linesOf(stream as PostgresStream, config, { log, exact })).map(jsonOf);
    return { schema: stream?.schema.properties.c, values, json: values[0], warnings: log.warnings };
  };
}

function caseTable([type, , values]: TypeCase, index: number): string {
  const rows = values.map(([literal]) => `(${literal})`).join(', ');
  return `create table case_${index} (c ${type}); insert into case_${index} values ${rows};`;
}

/** The JSON of the only column of a line. */
function jsonOf(line: string): string {
  return line.slice('{"c":'.length, -1);
}

export const date: ValueSchema = { type: ['null', 'string'], format: 'date' };
export const time: ValueSchema = { type: ['null', 'string'], 'x-c8-type': 'time' };
export const timetz: ValueSchema = { type: ['null', 'string'], format: 'time', 'x-c8-type': 'timetz' };
export const timestamp: ValueSchema = { type: ['null', 'string'], format: 'date-time', 'x-c8-type': 'timestamp' };
export const timestamptz: ValueSchema = { type: ['null', 'string'], format: 'date-time', 'x-c8-type': 'timestamptz' };
export const text: ValueSchema = { type: ['null', 'string'] };
export const double: ValueSchema = { type: ['null', 'number'] };
export const real: ValueSchema = { type: ['null', 'number'], 'x-c8-type': 'real' };
export const numeric: ValueSchema = { type: ['null', 'number'], 'x-c8-type': 'numeric' };
export const boolean: ValueSchema = { type: ['null', 'boolean'] };
export const binary: ValueSchema = { type: ['null', 'string'], contentEncoding: 'base64' };
export const json: ValueSchema = {
  type: ['null', 'boolean', 'number', 'string', 'array', 'object'],
  'x-c8-type': 'json',
};
export const hstore: ValueSchema = {
  type: ['null', 'object'],
  additionalProperties: { type: ['null', 'string'] },
  'x-c8-type': 'hstore',
};
export const int: ValueSchema = { type: ['null', 'integer'], minimum: -(2 ** 31), maximum: 2 ** 31 - 1 };
export const bigint: ValueSchema = {
  type: ['null', 'integer'],
  minimum: '-9223372036854775808',
  maximum: '9223372036854775807',
};
export const decimal = (precision: number, scale: number): ValueSchema => ({
  type: ['null', 'number'],
  multipleOf: Number(`1e${-scale}`),
  'x-c8-type': `numeric(${precision},${scale})`,
});
/** A list of the declared depth, and the definition of its items, which is next to the columns in the schema. */
export const list = (element: ValueSchema, depth = 1): ListSchema => ({
  type: ['null', 'array'],
  items: { $ref: '#/definitions/array_item_1' },
  'x-c8-type': `array(${depth})`,
  element,
});
