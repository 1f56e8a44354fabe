import {
  Batch,
  type ColumnValues,
  type DataError,
  misfitError,
  type RecordsMessage,
  stringifyValue,
} from 'c8connector';
import type { Settings } from './config.ts';

/** The most bytes of a value in a Parquet file. The encoder has the same limit, but cannot name the row by its key. */
const longestValue = 256 * 1024 * 1024;

/** The batch and the column of the values, for messages about them. */
interface ColumnOf {
  readonly batch: RecordsMessage;
  readonly column: string;
  readonly keyProperties: readonly string[];
  readonly subMicroseconds: Settings['subMicroseconds'];
}

/** Throws a DataError `value_too_large` that names the row if a text, a binary value or an item of a list has more than 256 MB. */
export function checkLengths(values: ColumnValues, of: ColumnOf): void {
  const found = longValue(values, of.batch.count);
  if (found !== undefined) throw tooLong(found, of);
}

interface LongValue {
  readonly row: number;
  readonly length: number;
}

/** The first value that is too long; for an item, the list that contains it. Single values are checked only if all together are longer than the limit. */
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

/** The row as JSON with only its key, since the other values may be large. */
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
