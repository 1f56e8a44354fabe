import type { DuckDBConnection } from '@duckdb/node-api';
import { ConnectorError, DataError } from 'c8connector';
import type { StreamFile } from './format.ts';
import { isUnstorable, type ParquetColumn, rowsOf } from './parquet-columns.ts';
import { quoteText } from './sql.ts';
import { findUnreadable } from './unreadable.ts';

/** Longer values are cut in messages. */
const shownCharacters = 60;

/**
 * Finds out why a file of rows did not become Parquet: the DataError `value_unstorable` of one row that cannot be held, with its key and column. Called after
 * a failure only, so it may take its time.
 */
export async function unstorableRow(
  connection: DuckDBConnection,
  file: StreamFile,
  columns: readonly ParquetColumn[],
  error: unknown,
): Promise<DataError | ConnectorError> {
  try {
    const found = await findUnstorable(connection, file, columns);
    if (found) return found;
  } catch {
    // The rows cannot even be read: the next search looks at their text.
  }
  const unreadable = await findUnreadable(file);
  if (unreadable) return problem(file, unreadable.column, unreadable.key, unreadable.reason);
  // Its message may quote a row, so only its kind is shown.
  const kind = error instanceof Error ? (/^[A-Z][A-Za-z ]*Error/.exec(error.message)?.[0] ?? error.name) : 'an error';
  return new ConnectorError(`Stream ${file.stream}: DuckDB could not write Parquet: ${kind}.`, {
    code: 'unexpected',
    cause: error,
  });
}

async function findUnstorable(
  connection: DuckDBConnection,
  file: StreamFile,
  columns: readonly ParquetColumn[],
): Promise<DataError | undefined> {
  const tests = columns.map((column, index) => `WHEN ${isUnstorable(column)} THEN ${index}`).join(' ');
  const shown = columns.map(({ source }, index) => `WHEN ${index} THEN CAST(${source} AS VARCHAR)`).join(' ');
  const keys = file.keyProperties.flatMap((key) => columns.find(({ column }) => column === key) ?? []);
  const keyValues = keys.map(
    ({ column, source }) => `${quoteText(`${column}=`)} || COALESCE(CAST(${source} AS VARCHAR), 'null')`,
  );
  const key = keyValues.length === 0 ? "''" : `concat_ws(', ', ${keyValues.join(', ')})`;
  const rows = rowsOf(file.path, columns, file.largestBatch);
  const reader = await connection.runAndReadAll(
    `SELECT bad, left(CASE bad ${shown} END, ${shownCharacters + 1}), key FROM ` +
      `(SELECT *, CASE ${tests} END AS bad, ${key} AS key FROM ${rows}) ` +
      `WHERE bad IS NOT NULL LIMIT 1`,
  );
  const [row] = reader.getRowsJson();
  const column = columns[Number(row?.[0])];
  if (row === undefined || column === undefined) return undefined;
  const reason = `${quoted(String(row[1]))} is not ${column.wanted}`;
  return problem(file, column.column, String(row[2]), reason, column.remedy);
}

function quoted(value: string): string {
  return JSON.stringify(value.length > shownCharacters ? `${value.slice(0, shownCharacters)}…` : value);
}

function problem(
  file: StreamFile,
  column: string | undefined,
  key: string,
  reason: string,
  remedy?: string,
): DataError {
  const row = key === '' ? 'a row (the stream has no key)' : `the row ${key}`;
  const where = column === undefined ? '' : ` in the column ${JSON.stringify(column)}`;
  return new DataError(`Stream ${file.stream}: Parquet cannot hold ${row}${where}: ${reason}.`, {
    code: 'value_unstorable',
    details: { stream: file.stream, ...(column === undefined ? {} : { column }), ...(key === '' ? {} : { key }) },
    remedy: [
      'Correct the row in the source, leave the column out, or set format to jsonl, which holds every value.',
      ...(remedy === undefined ? [] : [remedy]),
    ].join(' '),
  });
}
