import type { Page, ReadContext } from 'c8connector';
import type { RowEncoder } from 'c8connector-sql';
import {
  type AnomalyReport,
  type Arriving,
  type JsonPage,
  type Rows,
  readPages,
  type WantedRows,
  withPositions,
} from 'c8connector-sql';
import type { Column } from './catalog.ts';
import type { PostgresConfig } from './config.ts';
import type { LentConnection } from './connection.ts';
import { converterOf, shortcutOf } from './convert.ts';
import { columnEncoder, type TypedColumn } from './copy-columns.ts';
import { type CopyFrames, copyFrames } from './copy-frames.ts';
import { CopyOut } from './copy-out.ts';
import { rowEncoder } from './copy-row.ts';
import type { PostgresStream } from './discover.ts';
import { lockTable } from './lock-table.ts';
import { setRolePath } from './own-query.ts';
import { copyKey } from './positions.ts';
import { selectText } from './select-text.ts';
import type { Server } from './server.ts';
import { encoderOfUtf8 } from './text-encoding.ts';

type Context = Pick<
  ReadContext<PostgresConfig>,
  'config' | 'columns' | 'schema' | 'exact' | 'face' | 'milliseconds' | 'log'
>;

/** What {@link readRows} reads. */
export interface RowsRequest {
  readonly context: Context;
  /** Run one after another. */
  readonly queries: readonly WantedRows[];
  readonly report: AnomalyReport;
}

/** The pages of some queries of one table, each read with COPY. Gives the connection back before the last page. Throws errors of pg, and errors of values. */
export async function* readRows(
  connection: LentConnection,
  stream: PostgresStream,
  { context, queries, report }: RowsRequest,
): AsyncGenerator<Page> {
  const { columns, log } = context;
  const { client, server, awaiting } = connection;
  await awaiting(lockTable(client, stream, columns, { settings: [setRolePath, ...timeLimits(context)], log }));
  for (const [index, rows] of queries.entries()) {
    const encoder = encoderFor(stream, { ...context, rows }, report, server);
    const frames = copyFrames({ stream: stream.id, columns }, encoder.add);
    const copy = new CopyOut(connection, copyText(stream, columns, rows));
    yield* readPages(arriving(copy, frames), encoder);
    // Before the last rows are passed on, since their consumer may be slow, or stop.
    if (index === queries.length - 1) await connection.giveBack();
    const page = encoder.rest();
    if (page !== undefined) yield page;
  }
}

/** `COPY (SELECT …) TO STDOUT` for some rows and columns. */
export function copyText(stream: PostgresStream, columns: readonly string[], rows: Rows): string {
  return `copy (${selectText(stream, columns, rows)}) to stdout`;
}

/** An encoder of the rows of a query, with bookmarks if the query has positions. */
function encoderFor(
  stream: PostgresStream,
  context: Context & { readonly rows: WantedRows },
  report: AnomalyReport,
  { hasNoEncoding }: Server,
): RowEncoder<Page> {
  const { config, columns, rows } = context;
  const utf8Encoder = encoderOfRows(stream, context, report);
  const encoder = hasNoEncoding
    ? encoderOfUtf8(utf8Encoder, config.encoding, { stream: stream.id, columns })
    : utf8Encoder;
  const { position } = rows;
  return position === undefined || position.some((name) => !columns.includes(name))
    ? encoder
    : withPositions(encoder, columns, position, copyKey);
}

/** Encodes rows as typed arrays for a target that prefers them, and as JSON lines for any other. */
function encoderOfRows(stream: PostgresStream, context: Context, report: AnomalyReport): RowEncoder<Page> {
  const { face, exact, schema } = context;
  const isTyped = face === 'columns';
  const columns = typedColumns(stream, isTyped ? { ...context, exact: 'number' } : context, report);
  if (isTyped) return columnEncoder(columns, { stream: stream.id, schema });
  const encoder = rowEncoder(columns, stream.id);
  const withExact = (page: JsonPage | undefined) => page && { ...page, exact };
  return { add: encoder.add, nextPage: () => withExact(encoder.nextPage()), rest: () => withExact(encoder.rest()) };
}

/** Time limits on the server: for the query, when rows are no longer wanted, and a shorter one for a lock, so that the error names the lock. */
function timeLimits({ milliseconds }: Pick<ReadContext<PostgresConfig>, 'milliseconds'>): readonly string[] {
  if (milliseconds === undefined) return [];
  return [`set local lock_timeout = ${milliseconds / 2}`, `set local statement_timeout = ${milliseconds}`];
}

/** The rows of a copy that arrive. */
function arriving(copy: CopyOut, frames: CopyFrames): Arriving {
  let rest: Uint8Array = new Uint8Array(0);
  return {
    take() {
      const chunk = copy.next();
      if (chunk === undefined) return 'idle';
      const end = frames.take(chunk);
      if (end < 0) return 'busy';
      rest = chunk.subarray(end);
      return 'over';
    },
    wait: (milliseconds) => copy.wait(milliseconds),
    async end() {
      frames.end(await copy.finish(rest));
    },
  };
}

function typedColumns(stream: PostgresStream, context: Context, report: AnomalyReport): readonly TypedColumn[] {
  const { config, exact } = context;
  const columns = new Map(stream.columns.map((column) => [column.name, column]));
  return context.columns.map((name) => {
    const column = columns.get(name) as Column;
    const settings = { policies: config, exact, anomalies: report.of(name) };
    const { type, isNullable } = column;
    return { name, type, isNullable, convert: converterOf(type, settings), shortcut: shortcutOf(type, settings) };
  });
}
