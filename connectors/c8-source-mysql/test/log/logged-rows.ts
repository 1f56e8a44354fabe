import { anomalyReport } from 'c8connector-sql';
import type { Column } from '../../c8_source_mysql/catalog.ts';
import { converterOf } from '../../c8_source_mysql/convert.ts';
import { binlogDecoder } from '../../c8_source_mysql/log/binlog/binlog-decoder.ts';
import {
  absentValue,
  type LogEvent,
  type LogTableMap,
  nullValue,
  type RowText,
} from '../../c8_source_mysql/log/binlog/events.ts';
import { type RowReader, rowReader } from '../../c8_source_mysql/log/binlog/row-text.ts';
import { textColumn } from '../../c8_source_mysql/log/binlog/text-column.ts';
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

/** Writes the line of a row as a copy does, with the same converters. */
function lineWriter(known: readonly (Column | undefined)[], stream: string): TableReader['toLine'] {
  const report = anomalyReport(stream);
  const columns = known.flatMap((column, index) => {
    if (column === undefined) return [];
    const { name, type } = column;
    const policies = { out_of_range_dates: 'text' } as const;
    const convert = converterOf(type, { policies, exact: 'number', anomalies: report.of(name) });
    return [{ index, key: JSON.stringify(name), convert }];
  });
  let out = Buffer.alloc(4096);
  return ({ bytes, starts, ends }) => {
    const members = columns.map(({ index, key, convert }) => {
      const [start, end] = [starts[index] as number, ends[index] as number];
      if (start === absentValue) throw new Error(`column ${index} is absent`);
      if (start === nullValue) return `${key}:null`;
      const room = 8 * (end - start) + 40;
      if (out.length < room) out = Buffer.alloc(room);
      return `${key}:${out.toString('utf8', 0, convert(bytes, start, end, out, 0))}`;
    });
    return `{${members.join(',')}}`;
  };
}
