import type { Page, ReadContext } from 'c8connector';
import type { RowEncoder } from 'c8connector-sql';
import {
  type AnomalyReport,
  type Arriving,
  type JsonPage,
  type Rows,
  readPages,
  streamChanged,
  type WantedRows,
  withPositions,
} from 'c8connector-sql';
import type { Column } from './catalog.ts';
import type { ColumnDefinition } from './column-definition.ts';
import type { MysqlConfig } from './config.ts';
import type { LentConnection } from './connection.ts';
import { converterOf, shortcutOf } from './convert.ts';
import { columnEncoder, type TypedColumn } from './copy-columns.ts';
import { CopyOut } from './copy-out.ts';
import { rowEncoder } from './copy-row.ts';
import type { MysqlStream } from './discover.ts';
import { lockTable } from './lock-table.ts';
import { rowKey } from './positions.ts';
import { changesOf } from './result-columns.ts';
import { selectText } from './select-text.ts';

type Context = Pick<
  ReadContext<MysqlConfig>,
  'config' | 'columns' | 'schema' | 'exact' | 'face' | 'milliseconds' | 'log'
>;

/** What {@link readRows} reads. */
export interface RowsRequest {
  readonly context: Context;
  /** Run one after another. */
  readonly queries: readonly WantedRows[];
  readonly report: AnomalyReport;
}

/** The pages of some queries of one table. Gives the connection back before the last page. Throws errors of mysql2, and errors of values. */
export async function* readRows(
  connection: LentConnection,
  stream: MysqlStream,
  { context, queries, report }: RowsRequest,
): AsyncGenerator<Page> {
  const { columns } = context;
  await lockTable(connection, stream, columns, context);
  for (const [index, rows] of queries.entries()) {
    const encoder = encoderFor(stream, { ...context, rows }, report);
    const begin = (found: readonly ColumnDefinition[]) => {
      const changes = changesOf(stream, columns, found);
      if (changes.length > 0) throw streamChanged(stream.id, changes);
    };
    const copy = new CopyOut(connection, selectText(stream, columns, rows), { begin, add: encoder.add }, stream.id);
    yield* readPages(arriving(copy), encoder);
    // Before the last rows are passed on, since their consumer may be slow, or stop.
    if (index === queries.length - 1) await connection.giveBack();
    const page = encoder.rest();
    if (page !== undefined) yield page;
  }
}

/** An encoder of the rows of a query, with bookmarks if the query has positions. */
function encoderFor(
  stream: MysqlStream,
  context: Context & { readonly rows: Rows & Pick<WantedRows, 'position'> },
  report: AnomalyReport,
): RowEncoder<Page> {
  const { columns, rows } = context;
  const encoder = encoderOfRows(stream, context, report);
  const { position } = rows;
  return position === undefined || position.some((name) => !columns.includes(name))
    ? encoder
    : withPositions(encoder, columns, position, rowKey(binaryColumns(stream)));
}

function binaryColumns({ columns }: MysqlStream): ReadonlySet<string> {
  return new Set(columns.flatMap(({ name, type }) => (type.kind === 'binary' ? [name] : [])));
}

/** Encodes rows as typed arrays for a target that prefers them, and as JSON lines for any other. */
function encoderOfRows(stream: MysqlStream, context: Context, report: AnomalyReport): RowEncoder<Page> {
  const { face, exact, schema } = context;
  const isTyped = face === 'columns';
  const columns = typedColumns(stream, isTyped ? { ...context, exact: 'number' } : context, report);
  if (isTyped) return columnEncoder(columns, { stream: stream.id, schema });
  const encoder = rowEncoder(columns, stream.id);
  const withExact = (page: JsonPage | undefined) => page && { ...page, exact };
  return { add: encoder.add, nextPage: () => withExact(encoder.nextPage()), rest: () => withExact(encoder.rest()) };
}

/** The rows of a query, which go into the encoder as they arrive. */
function arriving(copy: CopyOut): Arriving {
  return {
    take: () => (copy.isDone() ? 'over' : 'idle'),
    wait: (milliseconds) => copy.wait(milliseconds),
    end: async () => undefined,
  };
}

function typedColumns(stream: MysqlStream, context: Context, report: AnomalyReport): readonly TypedColumn[] {
  const { config, exact } = context;
  const columns = new Map(stream.columns.map((column) => [column.name, column]));
  return context.columns.map((name) => {
    const column = columns.get(name) as Column;
    const settings = { policies: config, exact, anomalies: report.of(name) };
    const { type, isNullable } = column;
    return { name, type, isNullable, convert: converterOf(type, settings), shortcut: shortcutOf(type, settings) };
  });
}
