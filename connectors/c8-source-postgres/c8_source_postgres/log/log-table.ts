import { DataError, type Exactness, type LoggedStream, type LogPage, type StreamSchema } from 'c8connector';
import {
  type Anomalies,
  invalidAnswer,
  type Lines,
  largestRow,
  noLines,
  type PageMemory,
  takeLines,
  type WrittenColumns,
  writtenColumn,
  writtenColumns,
} from 'c8connector-sql';
import type { PostgresConfig } from '../config.ts';
import { converterOf } from '../convert.ts';
import type { PostgresStream } from '../discover.ts';
import { streamSchema } from '../schema.ts';
import { keyChanged } from './lost-position.ts';
import type { Change } from './pgoutput.ts';
import { putRow } from './put-row.ts';
import type { TableColumn } from './table-columns.ts';
import { nullKind, type Tuple, unchangedKind } from './tuple.ts';
import { convertToUtf8, utf8Growth } from './utf8-value.ts';

/** The JSON members that end each row of one transaction. */
export interface RowEndings {
  readonly changed: Uint8Array;
  readonly deleted: Uint8Array;
}

/** A table of the log whose columns are known, and the buffered rows of its next page. */
export interface LogTable {
  readonly stream: string;
  readonly columns: readonly TableColumn[];
  readonly schema: StreamSchema;
  readonly keyProperties: readonly string[];
  /** The first column that is null in the new row of a change although its schema does not allow null. */
  nullOf(change: Change): TableColumn | undefined;
  /** Appends the rows of a change. Returns whether a row with a new key lacks a large value that did not change. */
  add(change: Change, body: Buffer, endings: RowEndings): boolean;
  /** Bytes of the buffered rows. */
  size(): number;
  /** Takes the buffered rows as a page; undefined if there are none. */
  take(): LogPage | undefined;
}

/** What the rows of a table depend on besides its columns. */
export interface TableSettings {
  readonly config: PostgresConfig;
  readonly exact: Exactness;
  /** The database has the encoding SQL_ASCII. */
  readonly hasNoEncoding: boolean;
  /** The memory into which the pages of all tables are written. */
  readonly memory: PageMemory;
  anomaliesOf(stream: string, column: string): Anomalies;
}

/** A table with these columns. */
export function logTable(
  logged: LoggedStream<PostgresStream>,
  columns: readonly TableColumn[],
  settings: TableSettings,
): LogTable {
  const { stream } = logged;
  const schema = streamSchema(columns, settings.config);
  const { keyProperties: keyNow = [] } = stream;
  // False if a key column was renamed, or added after this position of the log.
  const hasKey = keyNow.every((name) => Object.hasOwn(schema.properties, name));
  const identified = columns.filter(({ isIdentity }) => isIdentity).map(({ name }) => name);
  const keyProperties = hasKey ? keyNow : identified;
  const selected = new Set(logged.select(schema));
  const keys = columns.filter(({ name }) => keyProperties.length === 0 || keyProperties.includes(name));
  const written = (some: readonly TableColumn[]): WrittenColumns =>
    writtenOf(
      some.filter(({ name }) => selected.has(name)),
      stream.id,
      settings,
    );
  const all = written(columns);
  const identity = written(keys);
  const notNull = columns.filter(({ isNullable, name }) => !isNullable && selected.has(name));
  const width = 1 + Math.max(-1, ...columns.map(({ index }) => index));
  const lines: Lines = noLines(settings.memory);

  /** Whether the change gives the row another key. A row without a key is identified by all its values, so any change makes it another row. */
  const hasOtherKey = ({ row, old, isOldWhole }: Change, body: Buffer): boolean =>
    row !== undefined &&
    old !== undefined &&
    (keyProperties.length === 0 || keys.some((key) => (isOldWhole || key.isIdentity) && differs(key, body, row, old)));

  function putDeleted({ old, isOldWhole }: Change, body: Buffer, { deleted }: RowEndings): void {
    if (old === undefined || keys.some(({ isIdentity }) => !isOldWhole && !isIdentity)) throw otherKey();
    putRow(lines, identity, { body, row: old }, deleted);
  }

  const otherKey = (): DataError => keyChanged(stream.id, { before: identified, key: keyNow }, settings.config);

  return {
    stream: stream.id,
    columns,
    schema,
    keyProperties,
    nullOf: ({ row }) => row && notNull.find(({ index }) => row.kinds[index] === nullKind),
    add(change, body, endings) {
      if (!hasKey) throw otherKey();
      const { row, old, isOldWhole } = change;
      for (const tuple of [row, old]) if (tuple !== undefined && tuple.count < width) throw tooFew(stream.id);
      if (body.length > largestRow) throw tooLarge(stream.id, body.length);
      // Its key may have changed, which the log does not show.
      if (change.kind === 'update' && old === undefined && keys.some(({ isIdentity }) => !isIdentity)) throw otherKey();
      const isMoved = hasOtherKey(change, body);
      if (row === undefined || isMoved) putDeleted(change, body, endings);
      if (row === undefined) return false;
      const isCut = putRow(lines, all, { body, row, before: isOldWhole ? old : undefined }, endings.changed);
      return isCut && isMoved;
    },
    size: () => lines.end,
    take() {
      const taken = takeLines(lines);
      return taken && { stream: stream.id, ...taken, exact: settings.exact };
    },
  };
}

function writtenOf(
  columns: readonly TableColumn[],
  stream: string,
  { config, exact, hasNoEncoding, anomaliesOf }: TableSettings,
): WrittenColumns {
  const written = columns.map(({ name, type, index }) => {
    const convert = converterOf(type, { policies: config, exact, anomalies: anomaliesOf(stream, name) });
    return writtenColumn(name, index, hasNoEncoding ? convertToUtf8(convert, config.encoding, stream, name) : convert);
  });
  return writtenColumns(written, 8 * (hasNoEncoding ? utf8Growth : 1));
}

/** Whether a column has another value in the new row. A large value that the new row lacks has not changed. */
function differs({ index }: TableColumn, body: Buffer, row: Tuple, old: Tuple): boolean {
  if (row.kinds[index] === unchangedKind) return false;
  const [start, end] = [row.starts[index], row.ends[index]];
  return (
    row.kinds[index] !== old.kinds[index] || body.compare(body, old.starts[index], old.ends[index], start, end) !== 0
  );
}

function tooLarge(stream: string, size: number): DataError {
  const message = `A change of ${Math.ceil(size / 1e6)} MB in the log of ${stream}: changes larger than ${largestRow / 1e6} MB cannot be read.`;
  return new DataError(message, {
    code: 'value_refused',
    remedy:
      'Shorten the large values, or exclude their columns from the publication with a column list; then read the stream from the beginning.',
    details: { stream },
  });
}

function tooFew(stream: string): Error {
  return invalidAnswer('a row of the log has fewer values than its table has columns', { stream });
}
