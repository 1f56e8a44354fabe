import {
  Batch,
  ConfigError,
  columnType,
  DataError,
  eachRecord,
  misfitError,
  type RecordReader,
  type RecordsMessage,
  recordReader,
  type SchemaMessage,
  type StreamSchema,
} from 'c8connector';
import type { PathTemplate } from './path-template.ts';
import { valueText } from './value-text.ts';

/** The rows of a batch that belong into one folder. */
export interface Partition {
  /** Below the folder of the config, without a slash at its end. */
  readonly folder: string;
  readonly batch: RecordsMessage;
}

/** Splits the batches of one stream under one schema by the folders of a template. */
export interface Partitioner {
  /** What the files hold: without the columns of the path where `leavesOut`. */
  readonly schema: StreamSchema;
  /** Those of the key that they hold. */
  readonly keyProperties: readonly string[];
  /** The folders in the order of their first rows, the rows of each in their order. */
  split(batch: RecordsMessage): readonly Partition[];
}

/** Leaves room for the folder of the config and the name of the object within the 1,024 bytes that S3 allows. */
const longestFolder = 512;

/**
 * Throws a ConfigError when the stream lacks a column of the template, or has lists or objects in it. With `leavesOut` the rows are given without those columns: readers take them from the path.
 */
export function openPartitioner(message: SchemaMessage, template: PathTemplate, leavesOut: boolean): Partitioner {
  const { stream, schema, keyProperties } = message;
  const { columns } = template;
  if (columns.length === 0) {
    const split = (batch: RecordsMessage) => [{ folder: template.folder(stream, [], batch.extractedAt), batch }];
    return { schema, keyProperties, split };
  }
  for (const column of columns) checkColumn(column, message);
  const reader = recordReader(schema);
  const indexes = columns.map((column) => reader.indexOf(column));
  const kept = leavesOut ? withoutColumns(schema, columns) : schema;

  function folderOf(lines: Uint8Array, start: number, end: number, extractedAt: string): string {
    const values = indexes.map((index, place) => {
      const from = reader.starts[index] ?? -1;
      if (from < 0) return null;
      const json = lines.subarray(from, reader.ends[index]);
      const text = valueText(json);
      if (text !== undefined) return text;
      const misfit = { column: columns[place] ?? '', json, line: lines.subarray(start, end) };
      throw misfitError(misfit, { stream, schema, keyProperties, wanted: 'a text: it holds half of a surrogate pair' });
    });
    const folder = template.folder(stream, values, extractedAt);
    const size = Buffer.byteLength(folder);
    if (size > longestFolder) throw tooLong(stream, columns, size);
    return folder;
  }

  function split(batch: RecordsMessage): readonly Partition[] {
    const lines = batch.with('number').lines();
    const folders = new Map<string, RowsOfFolder>();
    eachRecord(lines, reader, (start, end) => {
      const folder = folderOf(lines, start, end, batch.extractedAt);
      const rows = folders.get(folder) ?? { parts: [], count: 0 };
      folders.set(folder, rows);
      rows.parts.push(...(leavesOut ? lineWithout(lines, reader, indexes) : [lines.subarray(start, end), newline]));
      rows.count += 1;
    });
    const { version, extractedAt } = batch;
    const header = { stream, schema: kept, version, extractedAt, exact: 'number' } as const;
    return Array.from(folders, ([folder, { parts, count }]) => ({
      folder,
      batch: Batch.ofLines(header, Buffer.concat(parts), count),
    }));
  }

  return {
    schema: kept,
    keyProperties: leavesOut ? keyProperties.filter((key) => !columns.includes(key)) : keyProperties,
    split,
  };
}

interface RowsOfFolder {
  readonly parts: Uint8Array[];
  count: number;
}

function checkColumn(column: string, { stream, schema }: SchemaMessage): void {
  const property = Object.hasOwn(schema.properties, column) ? schema.properties[column] : undefined;
  const kind = property && columnType(property, schema).kind;
  if (kind !== undefined && kind !== 'json' && kind !== 'list') return;
  const has = kind === undefined ? 'no column of that name' : 'lists or objects in it';
  throw new ConfigError(
    `path_template names the column ${JSON.stringify(column)}, and the stream ${stream} has ${has}.`,
    {
      code: 'config_invalid',
      remedy: 'Take the column out of path_template, or select only streams that have it.',
      details: { property: 'path_template', stream, column },
    },
  );
}

function withoutColumns(schema: StreamSchema, columns: readonly string[]): StreamSchema {
  const properties = Object.entries(schema.properties).filter(([name]) => !columns.includes(name));
  return { ...schema, properties: Object.fromEntries(properties) };
}

const openBrace = Buffer.from('{');
const comma = Buffer.from(',');
const colon = Buffer.from(':');
const endOfLine = Buffer.from('}\n');
const newline = Buffer.from('\n');

/** The record that was read last as a line, without some columns. */
function lineWithout(lines: Uint8Array, { keys, starts, ends }: RecordReader, left: readonly number[]): Uint8Array[] {
  const parts: Uint8Array[] = [];
  for (const [index, key] of keys.entries()) {
    const start = starts[index] ?? -1;
    if (start < 0 || left.includes(index)) continue;
    parts.push(parts.length === 0 ? openBrace : comma, key, colon, lines.subarray(start, ends[index]));
  }
  return [...(parts.length === 0 ? [openBrace] : parts), endOfLine];
}

function tooLong(stream: string, columns: readonly string[], size: number): DataError {
  return new DataError(
    `Stream ${stream}: a row has a path of ${size} bytes, and objects have one of ${longestFolder} at most.`,
    {
      code: 'value_unstorable',
      remedy: `Take a column with long values out of path_template, or leave such rows out.`,
      details: { stream, column: columns.join(', ') },
    },
  );
}
