import { columnType, type StreamSchema } from 'c8connector';
import { type ParquetType, parquetType, type TimeType } from './parquet-types.ts';
import { quoteIdentifier, quoteText } from './sql.ts';

/** A column of a Parquet file, from its column in the stream. */
export interface ParquetColumn extends ParquetType {
  /** Name in the stream. */
  readonly column: string;
  /** Name in the file; differs when Parquet readers would confuse two names, or cannot have this one. */
  readonly name: string;
  /** SQL name of the value as it is read. */
  readonly source: string;
  /** The only column of a stream whose schema has none: it holds the whole row. */
  readonly isWholeRow?: true;
}

/** The columns of every file of a schema, all-null ones too, in the order of the schema. */
export function parquetColumns(schema: StreamSchema, timeType: TimeType): readonly ParquetColumn[] {
  const properties = Object.entries(schema.properties ?? {});
  if (properties.length === 0) {
    return [
      {
        ...parquetType({ kind: 'json' }, timeType),
        column: '_record',
        name: '_record',
        source: 'c0',
        isWholeRow: true,
      },
    ];
  }
  const names = fileNames(properties.map(([column]) => column));
  return properties.map(([column, property], index) => ({
    ...parquetType(columnType(property, schema), timeType),
    column,
    name: names[index] ?? column,
    source: `c${index}`,
  }));
}

/** Readers fold case: of two names that differ in nothing else the later gets a number, and so does an empty one. */
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

/** The columns that have another name in the file. */
export function renamed(columns: readonly ParquetColumn[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    columns.filter(({ column, name }) => column !== name).map(({ column, name }) => [column, name]),
  );
}

/** What a batch of usual size needs. */
const shortestLimit = 2_100_000;

/** SQL of the rows of a file of JSON lines, with each column as text or JSON under its source name. `longestLine` bounds the bytes of a line. */
export function rowsOf(path: string, columns: readonly ParquetColumn[], longestLine: number): string {
  if (columns.some(({ isWholeRow }) => isWholeRow)) return wholeRows(path, longestLine);
  // Each thread of the reader allocates twice as much.
  const options = `maximum_object_size = ${Math.max(shortestLimit, longestLine)}`;
  if (!columns.some(({ column, name }) => column !== name)) {
    const types = columns
      .map(({ column, isJson }) => `${quoteText(column)}: '${isJson ? 'JSON' : 'VARCHAR'}'`)
      .join(', ');
    const names = columns.map(({ source }) => source).join(', ');
    return `read_json(${quoteText(path)}, format = 'newline_delimited', records = 'true', ${options}, columns = {${types}}) AS rows(${names})`;
  }
  // The reader knows no two columns that differ in case only, and none without a name; going through the whole object is slower.
  const values = columns.map(({ column, isJson, source }) => {
    const pointer = quoteText(`/${column.replaceAll('~', '~0').replaceAll('/', '~1')}`);
    return isJson ? `NULLIF(json->${pointer}, 'null') AS ${source}` : `json->>${pointer} AS ${source}`;
  });
  return `(SELECT ${values.join(', ')} FROM read_ndjson_objects(${quoteText(path)}, ${options})) AS rows`;
}

/** As CSV of one column whose delimiters no JSON has: the JSON reader would write the numbers of a row anew. */
function wholeRows(path: string, longestLine: number): string {
  const options = [
    `auto_detect = false, header = false, new_line = '\\n', columns = {c0: 'VARCHAR'}`,
    `delim = '\u0001', nullstr = '\u0002', quote = '', escape = '', max_line_size = ${Math.max(shortestLimit, longestLine)}`,
  ];
  return `read_csv(${quoteText(path)}, ${options.join(', ')})`;
}

/**
 * SQL of the rows of a Parquet file. A value that cannot be held stops the query. Most values are proved by their plain cast, which is computed once; only
 * the others go through the strict conversion.
 */
export function storedRows(path: string, columns: readonly ParquetColumn[], longestLine: number): string {
  const casts = columns
    .filter(({ isPlain }) => isPlain)
    .map(({ source, type }) => `TRY_CAST(${source} AS ${type}) AS ${castOf(source)}`);
  const read = ['*', ...casts].join(', ');
  return `SELECT ${columns.map(stored).join(', ')} FROM (SELECT ${read} FROM ${rowsOf(path, columns, longestLine)})`;
}

function castOf(source: string): string {
  return `${source}_cast`;
}

function stored({ source, type, name, convert, isPlain }: ParquetColumn): string {
  const value = convert(source);
  const strict =
    value === source ? value : `COALESCE(${value}, CASE WHEN ${source} IS NOT NULL THEN error('unstorable') END)`;
  const cast = castOf(source);
  const checked = isPlain
    ? `CASE WHEN ${isPlain(source, cast)} THEN ${cast} WHEN ${source} IS NOT NULL THEN ${strict} END`
    : strict;
  return `CAST(${checked} AS ${type}) AS ${quoteIdentifier(name)}`;
}

/** SQL of whether the value of a row cannot be held. */
export function isUnstorable({ source, convert }: ParquetColumn): string {
  return `(${source} IS NOT NULL AND (${convert(source)}) IS NULL)`;
}
