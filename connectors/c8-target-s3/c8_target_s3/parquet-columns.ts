import {
  type ColumnType,
  type ColumnValues,
  columnType,
  DataError,
  type RecordsMessage,
  type StreamSchema,
} from 'c8connector';
import type { ParquetColumn } from 'c8connector-parquet';
import type { Settings, TimeType } from './config.ts';
import { timeColumn } from './time-column.ts';
import { hasUnchangedColumn, unchangedColumn } from './unchanged-column.ts';
import { checkLengths } from './value-length.ts';

/** The columns of the files for a schema. */
export interface ParquetFileColumns {
  readonly columns: readonly ParquetColumn[];
  /** The columns of the stream that have another name in the file. */
  readonly renamed: Readonly<Record<string, string>>;
  /** The values of a batch. Throws a DataError `value_unstorable` for a value that its column cannot store. */
  valuesOf(batch: RecordsMessage, keyProperties: readonly string[]): ColumnValues[];
}

/** Each column needs memory in every row group, and readers have limits too. */
const mostColumns = 20_000;

/** The columns of every file for a schema, in its order, including columns with only nulls. A schema without columns gets one column for the whole row. Throws a DataError `schema_invalid` for more than 20,000 columns. */
export function parquetColumns(
  stream: string,
  schema: StreamSchema,
  { timeType, subMicroseconds }: Pick<Settings, 'timeType' | 'subMicroseconds'>,
): ParquetFileColumns {
  const properties = Object.entries(schema.properties ?? {});
  if (properties.length > mostColumns) throw tooManyColumns(stream, properties.length);
  if (properties.length === 0) {
    const columns = [{ name: '_record', type: { kind: 'json' } }] as const;
    return { columns, renamed: {}, valuesOf: (batch) => [wholeRows(batch)] };
  }
  const hasUnchanged = hasUnchangedColumn(schema);
  const names = fileNames([...properties.map(([column]) => column), ...(hasUnchanged ? [unchangedColumn] : [])]);
  const types = properties.map(([, property]) => columnType(property, schema));
  const columns = types.map((type, index) => ({ name: names[index] ?? '', type: storedType(type, timeType) }));
  const renamed = properties.flatMap(([column], index) =>
    names[index] === column ? [] : [[column, names[index] ?? '']],
  );
  const unchanged = { name: names.at(-1) ?? '', type: { kind: 'list', items: { kind: 'text' } } } as const;
  return {
    columns: hasUnchanged ? [...columns, unchanged] : columns,
    renamed: Object.fromEntries(renamed),
    valuesOf(batch, keyProperties) {
      if (Object.keys(batch.schema.properties).some((column, index) => column !== properties[index]?.[0]))
        throw new Error(`the columns of a batch of ${stream} are not those of its file`);
      const values = batch.columns(keyProperties, subMicroseconds).map((column, index) => {
        const of = { batch, column: properties[index]?.[0] ?? '', keyProperties, subMicroseconds };
        checkLengths(column, of);
        return columns[index]?.type.kind === 'time' ? timeColumn(column, of) : column;
      });
      return hasUnchanged ? [...values, batch.absentColumns() ?? emptyLists(batch.count)] : values;
    },
  };
}

function tooManyColumns(stream: string, count: number): DataError {
  return new DataError(
    `Stream ${stream}: it has ${count} columns, but a Parquet file can have at most ${mostColumns}.`,
    {
      code: 'schema_invalid',
      remedy: 'Select fewer columns, or set format to jsonl.',
      details: { stream },
    },
  );
}

/** Times can be stored as text, since Spark 3 cannot read a file with a TIME column. */
function storedType(type: ColumnType, timeType: TimeType): ColumnType {
  if (type.kind === 'list') return { kind: 'list', items: storedType(type.items, 'text') };
  return type.kind === 'time' && timeType === 'text' ? { kind: 'text' } : type;
}

function emptyLists(count: number): ColumnValues {
  return { kind: 'list', ends: new Int32Array(count), items: { kind: 'bytes', bytes: noBytes, ends: noEnds } };
}

const noBytes = new Uint8Array(0);
const noEnds = new Int32Array(0);

function wholeRows(batch: RecordsMessage): ColumnValues {
  // A copy, since the lines may be a view of memory that others read.
  const bytes = new Uint8Array(batch.with('number').lines());
  const ends = new Int32Array(batch.count);
  // Removes the line breaks, which are not part of the rows, in place.
  let to = 0;
  let row = 0;
  for (let from = 0; from < bytes.length; from++) {
    if (bytes[from] === 0x0a) ends[row++] = to;
    else bytes[to++] = bytes[from] as number;
  }
  return { kind: 'bytes', bytes, ends };
}

/** The names of the columns in a file. Readers ignore case, so the later of two names that differ only in case gets a number. An empty name becomes `_`. */
function fileNames(columns: readonly string[]): readonly string[] {
  const taken = new Set<string>();
  const exact = new Set(columns.map(fold));
  return columns.map((column) => {
    let name = column === '' ? '_' : column;
    for (let number = 2; taken.has(fold(name)) || (name !== column && exact.has(fold(name))); number++) {
      name = `${column}_${number}`;
    }
    taken.add(fold(name));
    return name;
  });
}

function fold(name: string): string {
  return name.toLowerCase();
}
