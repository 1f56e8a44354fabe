import type { Exactness, LoggedStream, LogPage, StreamSchema } from 'c8connector';
import {
  type Anomalies,
  type Lines,
  largestRow,
  noLines,
  type PageMemory,
  rowTooLarge,
  takeLines,
  type WrittenColumns,
  writtenColumn,
  writtenColumns,
} from 'c8connector-sql';
import type { MysqlConfig } from '../config.ts';
import { converterOf } from '../convert.ts';
import type { MysqlStream } from '../discover.ts';
import { streamSchema } from '../schema.ts';
import type { Server } from '../server.ts';
import type { EventHeader, EventKind, LogTableMap, RowText } from './binlog/events.ts';
import { rowReader } from './binlog/row-text.ts';
import { keyChanged } from './lost-position.ts';
import { putRow, sizeOf } from './put-row.ts';
import type { RowEndings } from './row-endings.ts';
import type { TableColumn } from './table-columns.ts';

export type RowsEvent = EventHeader & EventKind<'rows'>;

/** A table of the log whose columns are known, and the buffered rows of its next page. */
export interface LogTable {
  readonly stream: string;
  readonly columns: readonly TableColumn[];
  readonly schema: StreamSchema;
  readonly keyProperties: readonly string[];
  /** Appends the rows of an event. */
  add(event: RowsEvent, endings: RowEndings): void;
  /** Bytes of the buffered rows. */
  size(): number;
  /** Takes the buffered rows as a page; undefined if there are none. */
  take(): LogPage | undefined;
}

/** What the rows of a table depend on besides its columns. */
export interface TableSettings {
  readonly config: MysqlConfig;
  readonly exact: Exactness;
  readonly server: Pick<Server, 'flavour'>;
  /** The memory into which the pages of all tables are written. */
  readonly memory: PageMemory;
  anomaliesOf(stream: string, column: string): Anomalies;
}

/** A table as the log describes it, with these columns. */
export function logTable(
  logged: LoggedStream<MysqlStream>,
  map: LogTableMap,
  columns: readonly TableColumn[],
  settings: TableSettings,
): LogTable {
  const { stream } = logged;
  const schema = streamSchema(columns, settings.config);
  const { keyProperties: keyNow = [] } = stream;
  // False if a key column was renamed, or added after this position of the log.
  const hasKey = keyNow.every((name) => Object.hasOwn(schema.properties, name));
  const keyProperties = hasKey ? keyNow : [];
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
  const wanted = new Map(
    [...columns.filter(({ name }) => selected.has(name)), ...keys].map((each) => [each.index, each]),
  );
  const texts = new Map(
    columns.map(({ index, text }) => [index, wanted.has(index) ? text : { ...text, isSkipped: true }]),
  );
  const reader = rowReader(
    map,
    map.columns.map((_, index) => texts.get(index)),
    settings.server,
  );
  const lines: Lines = noLines(settings.memory);

  /** Whether a change gives the row another key. A row without a key is identified by all its values, so any change makes it another row. */
  const hasOtherKey = (before: RowText, after: RowText): boolean =>
    keyProperties.length === 0 || keys.some(({ index }) => differs(index, before, after));

  function put(written: WrittenColumns, row: RowText, ending: Uint8Array): void {
    const size = sizeOf(written.columns, row);
    if (size > largestRow) throw rowTooLarge(size, stream.id, undefined);
    putRow(lines, written, row, ending);
  }

  return {
    stream: stream.id,
    columns,
    schema,
    keyProperties,
    add(event, { changed, deleted }) {
      if (!hasKey) throw keyChanged(stream.id, keyNow, settings.config);
      reader.begin(event);
      while (reader.next()) {
        const { before, after } = reader;
        if (before !== undefined && (after === undefined || hasOtherKey(before, after))) put(identity, before, deleted);
        if (after !== undefined) put(all, after, changed);
      }
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
  { config, exact, anomaliesOf }: TableSettings,
): WrittenColumns {
  const written = columns.map(({ name, type, index }) => {
    const convert = converterOf(type, { policies: config, exact, anomalies: anomaliesOf(stream, name) });
    return writtenColumn(name, index, convert);
  });
  return writtenColumns(written);
}

function differs(index: number, before: RowText, after: RowText): boolean {
  const [from, start] = [before.starts[index] as number, after.starts[index] as number];
  const length = (before.ends[index] as number) - from;
  if (from < 0 || start < 0) return from !== start;
  if (length !== (after.ends[index] as number) - start) return true;
  for (let at = 0; at < length; at++) if (before.bytes[from + at] !== after.bytes[start + at]) return true;
  return false;
}
