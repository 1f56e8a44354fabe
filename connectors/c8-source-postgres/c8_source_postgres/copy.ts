import type { Page, ReadContext } from 'c8connector';
import { type AnomalyReport, anomalyReport } from './anomalies.ts';
import type { Column } from './catalog.ts';
import type { PostgresConfig } from './config.ts';
import { converterOf, shortcutOf } from './convert.ts';
import { columnEncoder, type TypedColumn } from './copy-columns.ts';
import { type CopyFrames, copyFrames } from './copy-frames.ts';
import { CopyOut } from './copy-out.ts';
import { type RowEncoder, rowEncoder } from './copy-row.ts';
import type { PostgresStream } from './discover.ts';
import { translateError } from './errors.ts';
import type { JsonPage } from './json-page.ts';
import { lockTable } from './lock-table.ts';
import { setRolePath } from './own-query.ts';
import type { ConnectionPool, LentConnection } from './pool.ts';
import { rowSecurityRemedy } from './row-security.ts';
import { selectText } from './select-text.ts';
import { encoderOfUtf8 } from './text-encoding.ts';

/** Milliseconds after which rows are handed on, though the page is not full. */
const pageAge = 1000;

/**
 * All rows of a table or view in one COPY, in a transaction of its own. Pages have no bookmark: a read that was interrupted starts again. What the
 * policies changed is logged at the end, once a column. Ends early, without an error, when it is aborted.
 */
export async function* readTable(
  stream: PostgresStream,
  context: ReadContext<PostgresConfig, ConnectionPool>,
): AsyncGenerator<Page> {
  const { config, resource, signal, log } = context;
  const report = anomalyReport(stream.id);
  warnOfRowSecurity(stream, context);
  try {
    await using connection = await resource.lend(signal, 'read committed');
    yield* copyPages(connection, stream, context, report);
  } catch (error) {
    if (!signal.aborted) throw translateError(error, config, stream.id);
  } finally {
    report.logTo(log);
  }
}

function warnOfRowSecurity(
  { id, rowSecurity }: PostgresStream,
  { config, log }: Pick<ReadContext<PostgresConfig>, 'config' | 'log'>,
): void {
  if (rowSecurity.length === 0) return;
  const tables = rowSecurity.join(', ');
  const message = `row-level security of ${tables} may hide rows of ${id} from ${config.user}`;
  log.warn(`${message}. ${rowSecurityRemedy(config.user)}`, { stream: id, tables: rowSecurity });
}

/** `COPY (SELECT …) TO STDOUT` of the columns; at most `limit` rows. */
export function copyText(stream: PostgresStream, columns: readonly string[], limit: number | undefined): string {
  return `copy (${selectText(stream, columns, limit)}) to stdout`;
}

async function* copyPages(
  connection: LentConnection,
  stream: PostgresStream,
  context: ReadContext<PostgresConfig, ConnectionPool>,
  report: AnomalyReport,
): AsyncGenerator<Page> {
  const { config, columns, limit, log } = context;
  const { client, server, awaiting } = connection;
  const utf8Encoder = encoderFor(stream, context, report);
  const encoder = server.hasNoEncoding
    ? encoderOfUtf8(utf8Encoder, config.encoding, { stream: stream.id, columns })
    : utf8Encoder;
  const frames = copyFrames({ stream: stream.id, columns }, encoder.add);
  await awaiting(lockTable(client, stream, columns, { settings: [setRolePath, ...timeLimits(context)], log }));
  const copy = new CopyOut(connection, copyText(stream, columns, limit));
  yield* pagesOf(copy, frames, encoder);
  // Before the last rows are handed on: whoever takes them may be slow, or want no more.
  await connection.giveBack();
  const page = encoder.rest();
  if (page !== undefined) yield page;
}

/** Rows as typed arrays for a target that wants them, and as JSON lines for any other. */
function encoderFor(
  stream: PostgresStream,
  context: ReadContext<PostgresConfig, ConnectionPool>,
  report: AnomalyReport,
): RowEncoder<Page> {
  const { face, exact, schema } = context;
  const isTyped = face === 'columns';
  const columns = typedColumns(stream, isTyped ? { ...context, exact: 'number' } : context, report);
  if (isTyped) return columnEncoder(columns, { stream: stream.id, schema, keyProperties: stream.keyProperties ?? [] });
  const encoder = rowEncoder(columns, stream.id);
  const withExact = (page: JsonPage | undefined) => page && { ...page, exact };
  return { add: encoder.add, nextPage: () => withExact(encoder.nextPage()), rest: () => withExact(encoder.rest()) };
}

/** Ends the query at the server too when nobody waits for rows any more, and its wait for a lock before, so that the error names the lock. */
function timeLimits({ milliseconds }: Pick<ReadContext<PostgresConfig>, 'milliseconds'>): readonly string[] {
  if (milliseconds === undefined) return [];
  return [`set local lock_timeout = ${milliseconds / 2}`, `set local statement_timeout = ${milliseconds}`];
}

/** The pages that are full or old before the copy has ended. */
async function* pagesOf(copy: CopyOut, frames: CopyFrames, encoder: RowEncoder<Page>): AsyncGenerator<Page> {
  let handedOnAt = performance.now();
  for (;;) {
    const chunk = copy.next();
    const end = chunk === undefined ? -1 : frames.take(chunk);
    for (let page = encoder.nextPage(); page !== undefined; page = encoder.nextPage()) {
      yield page;
      handedOnAt = performance.now();
    }
    if (chunk !== undefined && end >= 0) {
      frames.end(await copy.finish(chunk.subarray(end)));
      return;
    }
    const age = performance.now() - handedOnAt;
    if (age >= pageAge) {
      const page = encoder.rest();
      if (page !== undefined) yield page;
      handedOnAt = performance.now();
    } else if (chunk === undefined) await copy.wait(pageAge - age);
  }
}

function typedColumns(
  stream: PostgresStream,
  context: ReadContext<PostgresConfig, ConnectionPool>,
  report: AnomalyReport,
): readonly TypedColumn[] {
  const { config, exact } = context;
  const columns = new Map(stream.columns.map((column) => [column.name, column]));
  return context.columns.map((name) => {
    const column = columns.get(name) as Column;
    const settings = { policies: config, exact, anomalies: report.of(name) };
    const { type, isNullable } = column;
    return { name, type, isNullable, convert: converterOf(type, settings), shortcut: shortcutOf(type, settings) };
  });
}
