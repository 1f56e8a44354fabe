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

/** Why a row cannot be stored, as its dead letter says it. */
export interface Reason {
  /** Null where it is not a single column. */
  readonly column: string | null;
  readonly code: string;
  readonly message: string;
}

export function reasonOf({ code, message, details }: DataError): Reason {
  return { column: typeof details?.column === 'string' ? details.column : null, code, message };
}

/** What an error must be for the row to be rejected instead of the run. */
export function isUnstorable(error: unknown): error is DataError {
  return isC8Error(error) && error.name === 'DataError' && error.code === 'value_unstorable';
}

/** All that keeps a row from being stored: of its path, and of each column of its file. */
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
    // Beside the key, whose values name the row in the message; but the key may not fit either.
    const named = problemWith([...new Set([column, ...keyProperties])], keyProperties);
    return [named?.details?.column === column ? named : alone];
  });
  return [...ofPath, ...ofColumns];
}

/** A row with these columns, in this order. */
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
