import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { type ColumnType, columnType, Decimal, parseValue, type Row, type StreamSchema, type Value } from 'c8connector';
import type { S3Server } from 'test-services';
import { S3Target } from '../c8_target_s3/index.ts';
import { collect, keysOf, textsOf } from './harness.ts';
import { readCsv } from './read-csv.ts';

/** Runs SQL in which `{files}` stands for the list of the bucket's objects, as another reader of Parquet would. */
export async function query(server: S3Server, bucket: string, sql: string): Promise<unknown[]> {
  return await withFiles(server, bucket, keysOf(server, bucket), async (files, ask) => {
    return await ask(sql.replaceAll('{files}', `[${files.map((file) => `'${file}'`).join(', ')}]`));
  });
}

/**
 * All rows of a stream that were committed, of all versions unless `all` is false, from objects of any format, as values. `schema` says which texts of Parquet are JSON, and what the cells of CSV are.
 */
export async function readBack(
  server: S3Server,
  config: { readonly bucket: string },
  stream: string,
  schema: StreamSchema = { properties: {} },
  { all = true }: { readonly all?: boolean } = {},
): Promise<Row[]> {
  const { bucket } = config;
  const committed = await collect(new S3Target().objects?.(config, { stream, all }) ?? (async function* () {})());
  const keys = committed.map(({ key }) => key);
  const parquet = keys.filter((key) => key.endsWith('.parquet'));
  const rows = await withFiles(server, bucket, parquet, async (files, ask) => {
    const found: Row[] = [];
    for (const file of files) found.push(...(await rowsOfParquet(file, ask, schema)));
    return found;
  });
  const texts = await textsOf(
    server,
    bucket,
    keys.filter((key) => !key.endsWith('.parquet')),
  );
  return [...rows, ...texts.flatMap(({ key, text }) => rowsOfText(key, text, schema))];
}

function rowsOfText(key: string, text: string, schema: StreamSchema): Row[] {
  if (key.includes('.csv')) return rowsOfCsv(text, schema);
  if (key.includes('.jsonl'))
    return text
      .split('\n')
      .slice(0, -1)
      .map((line) => objectOf(parseValue(line)));
  const array = parseValue(text);
  if (!Array.isArray(array)) throw new Error(`${key} is not an array`);
  return array.map(objectOf);
}

function rowsOfCsv(text: string, schema: StreamSchema): Row[] {
  const [header = [], ...rows] = readCsv(text);
  return rows.map((cells) => {
    const row = Object.fromEntries(
      cells.map((cell, index) => [header[index] ?? '', csvValue(cell, header[index] ?? '', schema)]),
    );
    return header.length === 1 && row._record !== undefined ? objectOf(row._record) : row;
  });
}

/** CSV has no types: a reader knows them, or guesses. */
function csvValue(cell: string | null, column: string, schema: StreamSchema): Value {
  if (cell === null) return null;
  if (schema.properties[column] === undefined) return looksLikeJson(cell) ? parseValue(cell) : cell;
  const type = typeOf(schema, column);
  if (['text', 'date', 'time', 'timestamp', 'timestamptz', 'binary'].includes(type.kind)) return cell;
  return ['boolean', 'json', 'list'].includes(type.kind) ? parseValue(cell) : new Decimal(cell);
}

function looksLikeJson(text: string): boolean {
  return /^(?:[[{].*|-?\d+(?:\.\d+)?|true|false)$/s.test(text);
}

type Ask = (sql: string) => Promise<Record<string, unknown>[]>;

/** Each column as JSON, with all digits, so that numbers, lists and JSON text keep their types. */
async function rowsOfParquet(file: string, ask: Ask, schema: StreamSchema): Promise<Row[]> {
  const columns = await ask(`DESCRIBE SELECT * FROM '${file}'`);
  const texts = columns.map(({ column_name, column_type }) => {
    const name = `"${String(column_name).replaceAll('"', '""')}"`;
    const isList = String(column_type).endsWith('[]');
    // As hexadecimal digits, since DuckDB's driver for Node drops a byte order mark at the start of a text.
    return `hex(encode(${isList ? `to_json(${name})` : name}::VARCHAR)) AS ${name}`;
  });
  const rows = await ask(`SELECT ${texts.join(', ')} FROM '${file}'`);
  return rows.map((row) => {
    const values = columns.map(({ column_name, column_type }): [string, Value] => {
      const text = row[String(column_name)];
      return [
        String(column_name),
        typeof text === 'string'
          ? parquetValue(Buffer.from(text, 'hex').toString(), String(column_type), typeOf(schema, String(column_name)))
          : null,
      ];
    });
    const whole = columns.length === 1 ? Object.fromEntries(values)._record : undefined;
    return whole === undefined ? Object.fromEntries(values) : objectOf(parseValue(String(whole)));
  });
}

function typeOf(schema: StreamSchema, column: string): ColumnType {
  const property = schema.properties[column];
  return property === undefined ? { kind: 'text' } : columnType(property, schema);
}

function parquetValue(text: string, type: string, column: ColumnType): Value {
  if (type === 'BOOLEAN' || type.endsWith('[]')) return withJson(parseValue(text), column);
  if (column.kind === 'json') return parseValue(text);
  return /INT|DECIMAL|DOUBLE|FLOAT/.test(type) ? new Decimal(text) : text;
}

/** A list whose items are JSON holds them as texts. */
function withJson(value: Value, type: ColumnType): Value {
  if (Array.isArray(value)) return value.map((item) => withJson(item, type.kind === 'list' ? type.items : type));
  return type.kind === 'json' && typeof value === 'string' ? parseValue(value) : value;
}

function objectOf(value: Value): Row {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof Decimal)
    throw new Error('no object');
  return value as Row;
}

async function withFiles<T>(
  server: S3Server,
  bucket: string,
  keys: readonly string[],
  use: (files: readonly string[], ask: Ask) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'read-back-'));
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    const files = keys.map((_, index) => join(folder, `${index}.parquet`));
    for (const [index, file] of files.entries()) await writeFile(file, await server.read(bucket, keys[index] ?? ''));
    await connection.run(`SET TimeZone = 'UTC'`);
    return await use(files, async (sql) => (await connection.runAndReadAll(sql)).getRowObjectsJson());
  } finally {
    connection.closeSync();
    instance.closeSync();
    await rm(folder, { recursive: true });
  }
}
