import type { Page, ReadContext } from 'c8connector';
import { type AnomalyReport, anomalyReport, copyLost } from 'c8connector-sql';
import type { MysqlConfig } from './config.ts';
import type { LentConnection } from './connection.ts';
import { readRows } from './copy-rows.ts';
import type { MysqlStream } from './discover.ts';
import { translateError } from './errors.ts';
import { ownKey } from './key-columns.ts';
import { orderText } from './order-text.ts';
import type { ConnectionPool } from './pool.ts';
import { isInKeyOrder } from './relation-size.ts';
import { wantedRows } from './wanted-rows.ts';

type Context = ReadContext<MysqlConfig, ConnectionPool>;

/**
 * Reads the wanted rows of a table or view with one query, or with two when some have no replication key. Pages have a bookmark when rows are read in the order of a key: see `wantedRows`. Changes by policies are
 * logged at the end, once per column. Ends early, without an error, when it is aborted.
 */
export async function* readTable(stream: MysqlStream, context: Context): AsyncGenerator<Page> {
  const { config, signal, log } = context;
  const report = anomalyReport(stream.id);
  try {
    await using connection = await context.resource.lend(signal, 'statement');
    yield* copyPages(connection, stream, context, report);
  } catch (error) {
    if (!signal.aborted) throw translateError(error, config, stream.id);
  } finally {
    report.logTo(log);
  }
}

async function* copyPages(
  connection: LentConnection,
  stream: MysqlStream,
  context: Context,
  report: AnomalyReport,
): AsyncGenerator<Page> {
  const order = orderText(stream, context.replicationKey);
  const { bookmark, ...rest } = context;
  const isSortedOtherwise = bookmark?.order !== undefined && bookmark.order !== order;
  // Some rows that were after the position could be before it now. An increment begins anew.
  const resumed = isSortedOtherwise && context.replicationKey !== undefined ? rest : context;
  const goesByKey = mayGoByKey(stream, resumed) && (await connection.awaiting(isInKeyOrder(connection, stream)));
  const queries = wantedRows(stream, resumed, { isInKeyOrder: goesByKey });
  if (isSortedOtherwise && resumed === context) throw copyLost(stream.id, 'its key has another type or collation now');
  for await (const page of readRows(connection, stream, { context: resumed, queries, report }))
    yield page.bookmark === undefined ? page : { ...page, bookmark: { ...page.bookmark, order } };
}

/** Whether it makes sense to check if the table is stored in the order of its key. */
function mayGoByKey(stream: MysqlStream, { partition, replicationKey, bookmark, limit }: Context): boolean {
  const isWhole = [partition, replicationKey, bookmark, limit].every((given) => given === undefined);
  return isWhole && ownKey(stream) !== undefined;
}
