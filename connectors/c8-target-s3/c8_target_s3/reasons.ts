import {
  Batch,
  type DataError,
  eachRecord,
  isC8Error,
  type RecordsMessage,
  recordReader,
  type StreamSchema,
} from 'c8connector';
import type { Format } from './format.ts';
import { lineParts } from './line-parts.ts';
import type { Partitioner } from './partitions.ts';

/** Why a row cannot be stored, as in its dead letter. */
export interface Reason {
  /** Null if the reason is not about a single column. */
  readonly column: string | null;
  readonly code: string;
  readonly message: string;
}

export function reasonOf({ code, message, details }: DataError): Reason {
  return { column: typeof details?.column === 'string' ? details.column : null, code, message };
}

/** Whether an error rejects its row and does not end the stream. */
export function isUnstorable(error: unknown): error is DataError {
  return isC8Error(error) && error.name === 'DataError' && error.code === 'value_unstorable';
}

/** All reasons why a row cannot be stored: those of its path, and those of each column of its file. */
export function reasonsOf(
  row: RecordsMessage,
  { schema, keyProperties, problemsOf }: Partitioner,
  { check }: Pick<Format, 'check'>,
): readonly DataError[] {
  const ofPath = problemsOf(row);
  if (check === undefined) return ofPath;
  const problemWith = (columns: readonly string[], keys: readonly string[]): DataError | undefined => {
    const part = partOf(row, schema, columns);
    try {
      check({ stream: row.stream, schema: part.schema, keyProperties: keys }, part);
    } catch (error) {
      if (isUnstorable(error)) return error;
      throw error;
    }
    return undefined;
  };
  const ofColumns = Object.keys(schema.properties).flatMap((column) => {
    const alone = problemWith([column], []);
    if (alone === undefined) return [];
    // Checked together with the key, so that the message names the row, unless the key itself cannot be stored.
    const named = problemWith([...new Set([column, ...keyProperties])], keyProperties);
    return [named?.details?.column === column ? named : alone];
  });
  return [...ofPath, ...ofColumns];
}

/** A row with only these columns, in this order. */
function partOf(row: RecordsMessage, schema: StreamSchema, columns: readonly string[]): RecordsMessage {
  const lines = row.with('number').lines();
  const reader = recordReader(schema);
  const indexes = columns.map((column) => reader.indexOf(column));
  const parts: Uint8Array[] = [];
  eachRecord(lines, reader, () => void parts.push(...lineParts(lines, reader, indexes)));
  const properties = Object.fromEntries(columns.map((column) => [column, schema.properties[column] ?? {}]));
  const { stream, version, extractedAt } = row;
  const header = { stream, schema: { ...schema, properties }, version, extractedAt, exact: 'number' } as const;
  return Batch.ofLines(header, Buffer.concat(parts), row.count);
}
