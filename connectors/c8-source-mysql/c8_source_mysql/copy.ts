import type { Page, ReadContext } from 'c8connector';
import { type AnomalyReport, anomalyReport, refuseOtherOrder, resumable, withOrder } from 'c8connector-sql';
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
  const { replicationKey, bookmark: former, ...rest } = context;
  const sorted = { order: orderText(stream, replicationKey), isIncrement: replicationKey !== undefined };
  const bookmark = resumable(former, sorted);
  const resumed: Context = {
    ...rest,
    ...(replicationKey !== undefined && { replicationKey }),
    ...(bookmark !== undefined && { bookmark }),
  };
  const goesByKey = mayGoByKey(stream, resumed) && (await connection.awaiting(isInKeyOrder(connection, stream)));
  const queries = wantedRows(stream, resumed, { isInKeyOrder: goesByKey });
  refuseOtherOrder(stream.id, bookmark, sorted);
  yield* withOrder(readRows(connection, stream, { context: resumed, queries, report }), sorted);
}

/** Whether it makes sense to check if the table is stored in the order of its key. */
function mayGoByKey(stream: MysqlStream, { partition, replicationKey, bookmark, limit }: Context): boolean {
  const isWhole = [partition, replicationKey, bookmark, limit].every((given) => given === undefined);
  return isWhole && ownKey(stream) !== undefined;
}
