import {
  DuckDBBlobValue,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBInstance,
  DuckDBListValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBTimeValue,
  type DuckDBValue,
} from '@duckdb/node-api';
import type { Cell } from '../blocks.ts';

/** The rows of a query as DuckDB gives them. */
export async function queryDuckDb(sql: string): Promise<readonly (readonly DuckDBValue[])[]> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  try {
    const reader = await connection.runAndReadAll(sql);
    return reader.getRows();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** The columns of a file. */
export async function readWithDuckDb(path: string): Promise<readonly (readonly Cell[])[]> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  try {
    const reader = await connection.runAndReadAll(`FROM read_parquet('${path}')`);
    // Without rows it gives no columns.
    const columns = reader.getColumns();
    return reader.columnNames().map((_, index) => (columns[index] ?? []).map(cellOf));
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

function cellOf(value: DuckDBValue): Cell {
  if (value instanceof DuckDBListValue) return value.items.map(cellOf);
  if (value instanceof DuckDBDecimalValue) return value.value;
  if (value instanceof DuckDBDateValue) return value.days;
  if (
    value instanceof DuckDBTimeValue ||
    value instanceof DuckDBTimestampValue ||
    value instanceof DuckDBTimestampTZValue
  )
    return value.micros;
  if (value instanceof DuckDBBlobValue) return new Uint8Array(value.bytes);
  if (value === null || typeof value !== 'object') return value;
  throw new Error(`DuckDB gives ${String(value)}`);
}
