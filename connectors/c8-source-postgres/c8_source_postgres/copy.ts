import type { Page, ReadContext } from 'c8connector';
import { type AnomalyReport, anomalyReport, refuseOtherOrder, resumable, withOrder } from 'c8connector-sql';
import type { PostgresConfig } from './config.ts';
import type { LentConnection } from './connection.ts';
import { readRows } from './copy-rows.ts';
import type { PostgresStream } from './discover.ts';
import { translateError } from './errors.ts';
import { ownKey } from './key-columns.ts';
import { orderText } from './order-text.ts';
import type { ConnectionPool } from './pool.ts';
import { isInKeyOrder } from './relation-size.ts';
import { rowSecurityRemedy } from './row-security.ts';
import { wantedRows } from './wanted-rows.ts';

type Context = ReadContext<PostgresConfig, ConnectionPool>;

/**
 * Reads the wanted rows of a table or view with one COPY, or with two when some have no replication key, in a transaction of its own. Pages have a bookmark when rows are read in the order of a key: see
 * `wantedRows`. Changes by policies are logged at the end, once per column. Ends early, without an error, when it is aborted.
 */
export async function* readTable(stream: PostgresStream, context: Context): AsyncGenerator<Page> {
  const { config, signal, log } = context;
  const report = anomalyReport(stream.id);
  warnOfRowSecurity(stream, context);
  try {
    await using connection = await lendFor(stream, context);
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

async function* copyPages(
  connection: LentConnection,
  stream: PostgresStream,
  context: Context,
  report: AnomalyReport,
): AsyncGenerator<Page> {
  const { replicationKey, bookmark: former, ...rest } = context;
  const { resource, session, partition } = context;
  const { client, awaiting } = connection;
  const sorted = { order: orderText(stream, replicationKey), isIncrement: replicationKey !== undefined };
  const bookmark = resumable(former, sorted);
  const resumed: Context = {
    ...rest,
    ...(replicationKey !== undefined && { replicationKey }),
    ...(bookmark !== undefined && { bookmark }),
  };
  const goesByKey = mayGoByKey(stream, resumed) && (await awaiting(isInKeyOrder(client, stream)));
  const queries = wantedRows(stream, resumed, { isInKeyOrder: goesByKey });
  refuseOtherOrder(stream.id, bookmark, sorted);
  yield* withOrder(readRows(connection, stream, { context: resumed, queries, report }), sorted);
  if (session !== undefined && partition !== undefined) await resource.sessions.endPart(session, partition);
}

/** Lends a connection in the snapshot for a part of one; otherwise a query sees what is committed when it begins. */
async function lendFor(stream: PostgresStream, { resource, session, signal }: Context): Promise<LentConnection> {
  return session === undefined
    ? await resource.lend(signal, 'read committed')
    : await resource.sessions.lend(stream.id, session, signal);
}

/** Whether it makes sense to check if the table is stored in the order of its key. */
function mayGoByKey(stream: PostgresStream, { config, partition, replicationKey, bookmark, limit }: Context): boolean {
  const isWhole = [partition, replicationKey, bookmark, limit].every((given) => given === undefined);
  return isWhole && config.consistency === 'ranges' && ownKey(stream) !== undefined;
}
