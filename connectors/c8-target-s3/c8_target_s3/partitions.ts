import {
  Batch,
  ConfigError,
  columnType,
  DataError,
  eachRecord,
  misfitError,
  type RecordsMessage,
  recordReader,
  type SchemaMessage,
  type StreamSchema,
} from 'c8connector';
import { lineParts } from './line-parts.ts';
import type { PathTemplate } from './path-template.ts';
import { valueText } from './value-text.ts';

/** The rows of a batch for one folder. */
export interface Partition {
  /** Below the folder of the config, without a slash at its end. */
  readonly folder: string;
  readonly batch: RecordsMessage;
  /** The indexes of its rows in the batch that was split; all rows if undefined. */
  readonly rows?: readonly number[];
}

/** Splits the batches of one stream, under one schema, by the folders of a template. */
export interface Partitioner {
  /** The schema of the files, with `leavesOut` without the columns of the path. */
  readonly schema: StreamSchema;
  /** The key columns that the files have. */
  readonly keyProperties: readonly string[];
  /** Returns the folders in the order of their first rows, each with its rows in their order. Throws a DataError `value_unstorable` for a row that cannot have a folder. */
  split(batch: RecordsMessage): readonly Partition[];
  /** Why the only row of a batch cannot have a folder; empty if it can. */
  problemsOf(row: RecordsMessage): readonly DataError[];
}

/** Leaves room for the folder of the config and the name of the object within the 1,024 bytes that S3 allows. */
const longestFolder = 512;

/**
 * Throws a ConfigError if the stream lacks a column of the template, or has lists or objects in it. With `leavesOut`, rows are returned without these columns, which readers take from the path.
 */
export function openPartitioner(message: SchemaMessage, template: PathTemplate, leavesOut: boolean): Partitioner {
  const { stream, schema, keyProperties } = message;
  const { columns } = template;
  if (columns.length === 0) {
    const split = (batch: RecordsMessage) => [{ folder: template.folder(stream, [], batch.extractedAt), batch }];
    return { schema, keyProperties, split, problemsOf: () => [] };
  }
  for (const column of columns) checkColumn(column, message);
  const reader = recordReader(schema);
  const indexes = columns.map((column) => reader.indexOf(column));
  const kept = leavesOut ? withoutColumns(schema, columns) : schema;
  const keptIndexes = [...reader.columns.keys()].filter((index) => !indexes.includes(index));

  /** The error for a column of the path whose value has no text. */
  function misfitOf(position: number, lines: Uint8Array, start: number, end: number): DataError {
    const index = indexes[position] ?? 0;
    const json = lines.subarray(reader.starts[index], reader.ends[index]);
    const misfit = { column: columns[position] ?? '', json, line: lines.subarray(start, end) };
    return misfitError(misfit, {
      stream,
      schema,
      keyProperties,
      wanted: 'valid text: it contains half of a surrogate pair',
    });
  }

  /** The folder of the record that was last read, or the errors of its path. */
  function folderOf(lines: Uint8Array, start: number, end: number, extractedAt: string): string | readonly DataError[] {
    const values = indexes.map((index) => {
      const from = reader.starts[index] ?? -1;
      return from < 0 ? null : valueText(lines.subarray(from, reader.ends[index]));
    });
    const texts = values.filter((value) => value !== undefined);
    if (texts.length < values.length)
      return values.flatMap((value, position) => (value === undefined ? misfitOf(position, lines, start, end) : []));
    const folder = template.folder(stream, texts, extractedAt);
    const size = Buffer.byteLength(folder);
    return size > longestFolder ? [tooLong(stream, columns, size)] : folder;
  }

  function split(batch: RecordsMessage): readonly Partition[] {
    const lines = batch.with('number').lines();
    const folders = new Map<string, RowsOfFolder>();
    let count = 0;
    eachRecord(lines, reader, (start, end) => {
      const folder = folderOf(lines, start, end, batch.extractedAt);
      if (typeof folder !== 'string') throw folder[0];
      const { parts, rows } = folders.get(folder) ?? { parts: [], rows: [] };
      folders.set(folder, { parts, rows });
      parts.push(...(leavesOut ? lineParts(lines, reader, keptIndexes) : [lines.subarray(start, end), newline]));
      rows.push(count);
      count += 1;
    });
    const { version, extractedAt } = batch;
    const header = { stream, schema: kept, version, extractedAt, exact: 'number' } as const;
    return Array.from(folders, ([folder, { parts, rows }]) => ({
      folder,
      rows,
      batch: Batch.ofLines(header, Buffer.concat(parts), rows.length),
    }));
  }

  function problemsOf(row: RecordsMessage): readonly DataError[] {
    const lines = row.with('number').lines();
    const problems: DataError[] = [];
    eachRecord(lines, reader, (start, end) => {
      const folder = folderOf(lines, start, end, row.extractedAt);
      if (typeof folder !== 'string') problems.push(...folder);
    });
    return problems;
  }

  return {
    schema: kept,
    keyProperties: leavesOut ? keyProperties.filter((key) => !columns.includes(key)) : keyProperties,
    split,
    problemsOf,
  };
}

interface RowsOfFolder {
  readonly parts: Uint8Array[];
  readonly rows: number[];
}

function checkColumn(column: string, { stream, schema }: SchemaMessage): void {
  const property = Object.hasOwn(schema.properties, column) ? schema.properties[column] : undefined;
  const kind = property && columnType(property, schema).kind;
  if (kind !== undefined && kind !== 'json' && kind !== 'list') return;
  const problem = kind === undefined ? 'which the stream does not have' : 'which contains lists or objects';
  throw new ConfigError(`Stream ${stream}: path_template names the column ${JSON.stringify(column)}, ${problem}.`, {
    code: 'config_invalid',
    remedy: 'Remove the column from path_template, or select only streams that have it.',
    details: { property: 'path_template', stream, column },
  });
}

function withoutColumns(schema: StreamSchema, columns: readonly string[]): StreamSchema {
  const properties = Object.entries(schema.properties).filter(([name]) => !columns.includes(name));
  return { ...schema, properties: Object.fromEntries(properties) };
}

const newline = Buffer.from('\n');

function tooLong(stream: string, columns: readonly string[], size: number): DataError {
  return new DataError(
    `Stream ${stream}: the path of a row has ${size} bytes, and the path of an object can have at most ${longestFolder}.`,
    {
      code: 'value_unstorable',
      remedy: 'Remove columns with long values from path_template, or exclude such rows.',
      details: { stream, column: columns.join(', ') },
    },
  );
}
