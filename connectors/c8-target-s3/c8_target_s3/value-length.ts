import {
  Batch,
  type ColumnValues,
  type DataError,
  misfitError,
  type RecordsMessage,
  stringifyValue,
} from 'c8connector';
import type { Settings } from './config.ts';

/** Bytes that a value of a Parquet file may have; so many takes its encoder, which knows no keys. */
const longestValue = 256 * 1024 * 1024;

/** Where a column stands. */
interface ColumnOf {
  readonly batch: RecordsMessage;
  readonly column: string;
  readonly keyProperties: readonly string[];
  readonly subMicroseconds: Settings['subMicroseconds'];
}

/** Throws a DataError `value_too_large` that names the row, when a text, a binary value or an item of a list has more than 256 MB. */
export function checkLengths(values: ColumnValues, of: ColumnOf): void {
  const found = longValue(values, of.batch.count);
  if (found !== undefined) throw tooLong(found, of);
}

interface LongValue {
  readonly row: number;
  readonly length: number;
}

/** The first value that is too long; of an item the list that holds it. Values are looked at one by one only where all together have so many bytes. */
function longValue(values: ColumnValues, count: number): LongValue | undefined {
  if (values.kind !== 'bytes' && values.kind !== 'list') return undefined;
  const { ends } = values;
  const last = count === 0 ? 0 : (ends[count - 1] as number);
  if (values.kind === 'list') {
    const item = longValue(values.items, last);
    return item && { ...item, row: ends.findIndex((end) => end > item.row) };
  }
  if (last <= longestValue) return undefined;
  for (let row = 0, start = 0; row < count; row++) {
    const end = ends[row] as number;
    if (end - start > longestValue) return { row, length: end - start };
    start = end;
  }
  return undefined;
}

function tooLong({ row, length }: LongValue, of: ColumnOf): DataError {
  const encode = (text: string) => new TextEncoder().encode(text);
  const { batch, column, keyProperties } = of;
  const { stream, schema } = batch;
  return misfitError(
    {
      column,
      json: encode(`a value of ${Math.ceil(length / 1e6)} MB`),
      line: encode(keysOf(row, of)),
    },
    {
      stream,
      schema,
      keyProperties,
      code: 'value_too_large',
      wanted: `one of at most ${longestValue} bytes, as Parquet stores it`,
    },
  );
}

/** The row as JSON with nothing but its key: the rest is large. */
function keysOf(row: number, { batch, keyProperties, subMicroseconds }: ColumnOf): string {
  const { stream, schema, extractedAt, count } = batch;
  const columns = batch.columns(keyProperties, subMicroseconds);
  const keys = Object.entries(schema.properties).flatMap(([name, property], index) => {
    const values = columns[index];
    return keyProperties.includes(name) && values !== undefined ? [{ name, property, values }] : [];
  });
  const properties = Object.fromEntries(keys.map(({ name, property }) => [name, property]));
  const header = { stream, schema: { ...schema, properties }, extractedAt, exact: 'number' } as const;
  const rows = Batch.ofColumns(
    header,
    keys.map(({ values }) => values),
    count,
  ).rows();
  return stringifyValue(rows[row] ?? {});
}
