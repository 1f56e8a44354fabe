import { anomalyReport } from 'c8connector-sql';
import type { Column } from '../../c8_source_mysql/catalog.ts';
import { converterOf, shortcutOf } from '../../c8_source_mysql/convert.ts';
import { rowEncoder } from '../../c8_source_mysql/copy-row.ts';
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

export type Operation = 'insert' | 'update' | 'delete';

/** A change of a row, as the lines of JSON that a copy of the table would have. */
export interface LoggedRow {
  readonly operation: Operation;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** All events of these packets. Their rows are only valid for a decoder that takes them one by one. */
export function* eventsOf(server: ServerName, packets: readonly Uint8Array[]): Generator<LogEvent> {
  const decoder = binlogDecoder({ flavour: server });
  for (const packet of packets) yield* decoder.take(packet);
}

/** A table as the catalog knows it. */
export interface KnownTable {
  readonly name: string;
  readonly database: string;
  readonly columns: readonly Column[];
}

/** The rows of each of these tables in the packets, by their names. */
export function loggedRows(
  server: ServerName,
  packets: readonly Uint8Array[],
  tables: readonly KnownTable[],
): ReadonlyMap<string, readonly LoggedRow[]> {
  const rows = new Map<string, LoggedRow[]>(tables.map(({ name }) => [name, []]));
  const readers = new Map<number, TableReader>();
  for (const event of eventsOf(server, packets)) {
    if (event.kind === 'table') {
      const { table } = event;
      const known = tables.find(({ database, name }) => database === table.database && name === table.name);
      readers.delete(table.id);
      if (known !== undefined) readers.set(table.id, tableReader(server, table, known));
    }
    if (event.kind !== 'rows') continue;
    const { reader, toLine, name = '' } = readers.get(event.rows.tableId) ?? {};
    if (reader === undefined || toLine === undefined) continue;
    reader.begin(event);
    while (reader.next()) {
      const [before, after] = [reader.before && toLine(reader.before), reader.after && toLine(reader.after)];
      rows.get(name)?.push({ operation: event.rows.operation, before, after });
    }
  }
  return rows;
}

interface TableReader {
  readonly name: string;
  readonly reader: RowReader;
  readonly toLine: (row: RowText) => string;
}

function tableReader(server: ServerName, table: LogTableMap, { name: tableName, columns }: KnownTable): TableReader {
  const known = table.columns.map(({ name }, index) =>
    columns.find((column) => (name === undefined ? column.ordinal === index + 1 : column.name === name)),
  );
  const texts = known.map((column) => column && textColumn(column));
  return {
    name: tableName,
    reader: rowReader(table, texts, { flavour: server }),
    toLine: lineWriter(known, tableName),
  };
}

/** Writes the line of a row as a copy does, from a row of the text protocol. */
function lineWriter(known: readonly (Column | undefined)[], stream: string): TableReader['toLine'] {
  const report = anomalyReport(stream);
  const columns = known.flatMap((column, index) => (column === undefined ? [] : [{ ...column, index }]));
  const encoder = rowEncoder(
    columns.map(({ name, type, isNullable }) => {
      const settings = {
        policies: { out_of_range_dates: 'text' },
        exact: 'number',
        anomalies: report.of(name),
      } as const;
      return { name, isNullable, convert: converterOf(type, settings), shortcut: shortcutOf(type, settings) };
    }),
    stream,
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
