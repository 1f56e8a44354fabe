import { anomalyReport } from 'c8connector-sql';
import type { Column } from '../../c8_source_mysql/catalog.ts';
import type { MysqlConfig } from '../../c8_source_mysql/config.ts';
import { converterOf, shortcutOf } from '../../c8_source_mysql/convert.ts';
import { rowEncoder } from '../../c8_source_mysql/copy-row.ts';
import type { MysqlStream } from '../../c8_source_mysql/discover.ts';
import { binlogDecoder } from '../../c8_source_mysql/log/binlog-decoder.ts';
import {
  absentValue,
  type LogEvent,
  type LogTableMap,
  nullValue,
  type RowText,
} from '../../c8_source_mysql/log/events.ts';
import { type RowReader, rowReader } from '../../c8_source_mysql/log/row-text.ts';
import { textColumn } from '../../c8_source_mysql/log/text-column.ts';
import type { ServerName } from '../harness.ts';

/** A change of a row, as the lines of JSON that a copy of the table would have. */
export interface LoggedRow {
  readonly operation: 'insert' | 'update' | 'delete';
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** All events of these packets. Their rows are only valid for a decoder that takes them one by one. */
export function* eventsOf(server: ServerName, packets: readonly Uint8Array[]): Generator<LogEvent> {
  const decoder = binlogDecoder({ flavour: server });
  for (const packet of packets) yield* decoder.take(packet);
}

/** The rows of each of these streams in the packets, by the names of the tables. */
export function loggedRows(
  server: ServerName,
  packets: readonly Uint8Array[],
  streams: readonly MysqlStream[],
  config: MysqlConfig,
): ReadonlyMap<string, readonly LoggedRow[]> {
  const rows = new Map<string, LoggedRow[]>(streams.map(({ tableName }) => [tableName, []]));
  const readers = new Map<number, { readonly stream: MysqlStream; readonly reader: RowReader; toLine: ToLine }>();
  for (const event of eventsOf(server, packets)) {
    if (event.kind === 'table') {
      const { table } = event;
      const stream = streams.find((each) => each.schemaName === table.database && each.tableName === table.name);
      readers.delete(table.id);
      if (stream !== undefined) readers.set(table.id, readerOf(server, table, stream, config));
    }
    if (event.kind !== 'rows') continue;
    const { stream, reader, toLine } = readers.get(event.rows.tableId) ?? {};
    if (stream === undefined || reader === undefined || toLine === undefined) continue;
    reader.begin(event);
    while (reader.next()) {
      const [before, after] = [reader.before && toLine(reader.before), reader.after && toLine(reader.after)];
      rows.get(stream.tableName)?.push({ operation: event.rows.operation, before, after });
    }
  }
  return rows;
}

type ToLine = (row: RowText) => string;

function readerOf(server: ServerName, table: LogTableMap, stream: MysqlStream, config: MysqlConfig) {
  const known = table.columns.map(({ name }, index): Column | undefined =>
    stream.columns.find((column) => (name === undefined ? column.ordinal === index + 1 : column.name === name)),
  );
  const reader = rowReader(
    table,
    known.map((column) => column && textColumn(column)),
    { flavour: server },
  );
  return { stream, reader, toLine: lineWriter(known, stream, config) };
}

/** Writes the line of a row as a copy does, from a row of the text protocol. */
function lineWriter(known: readonly (Column | undefined)[], stream: MysqlStream, config: MysqlConfig): ToLine {
  const report = anomalyReport(stream.id);
  const columns = known.flatMap((column, index) => (column === undefined ? [] : [{ ...column, index }]));
  const encoder = rowEncoder(
    columns.map(({ name, type, isNullable }) => {
      const settings = { policies: config, exact: 'number', anomalies: report.of(name) } as const;
      return { name, isNullable, convert: converterOf(type, settings), shortcut: shortcutOf(type, settings) };
    }),
    stream.id,
  );
  return (row) => {
    const packet = Buffer.concat(columns.flatMap(({ index }) => fieldOf(row, index)));
    encoder.add(packet, 0, packet.length);
    return Buffer.from(encoder.rest()?.lines ?? [])
      .toString()
      .trimEnd();
  };
}

function fieldOf({ bytes, starts, ends }: RowText, index: number): readonly Uint8Array[] {
  const start = starts[index] as number;
  if (start === absentValue) throw new Error(`column ${index} is absent`);
  if (start === nullValue) return [Buffer.from([0xfb])];
  const value = bytes.subarray(start, ends[index]);
  const length = Buffer.alloc(9);
  length.writeUInt8(0xfe);
  length.writeUInt32LE(value.length, 1);
  return [length, value];
}
