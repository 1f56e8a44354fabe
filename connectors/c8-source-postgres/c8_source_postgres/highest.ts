import type { HighestContext, Log, Value } from 'c8connector';
import { anomalyReport, onlyValue, type Rows, schemaOfColumn } from 'c8connector-sql';
import type { Column } from './catalog.ts';
import type { PostgresConfig } from './config.ts';
import { readRows } from './copy-rows.ts';
import type { PostgresStream } from './discover.ts';
import { translateError } from './errors.ts';
import { type OpenTransactions, openTransactions } from './open-transactions.ts';
import type { ConnectionPool } from './pool.ts';
import { quoteIdentifier } from './quote.ts';

type Context = HighestContext<PostgresConfig, ConnectionPool>;

/**
 * The highest replication key that exists now and that no open transaction can insert rows below. For a key with the server's time, it is at most the start of the oldest open
 * transaction; for other keys, what an open transaction will insert is unknown. Infinite dates and numbers and NaN are left out. Null when there is none.
 */
export async function highest(stream: PostgresStream, context: Context): Promise<Value | undefined> {
  const { config, resource, replicationKey, signal, log } = context;
  const column = stream.columns.find(({ name }) => name === replicationKey);
  if (column === undefined) return undefined;
  try {
    await using connection = await resource.lend(signal, 'read committed');
    // Before the key is read: transactions that begin afterwards have a later time.
    const transactions = holdsServerTime(column)
      ? await connection.awaiting(openTransactions(connection.client, config.timestamp_zone))
      : undefined;
    const schema = schemaOfColumn(stream.schema, replicationKey);
    const read = { config, log, columns: [replicationKey], schema, exact: 'number' } as const;
    const request = { context: read, queries: [highestRow(column)], report: anomalyReport(stream.id) };
    const pages = readRows(connection, stream, request);
    const found = await onlyValue(pages, { stream: stream.id, schema, name: replicationKey });
    return transactions === undefined ? found : capped(found, column, transactions, { stream: stream.id, log });
  } catch (error) {
    throw translateError(error, config, stream.id);
  }
}

/** The first row in descending order, which an index finds at once. */
function highestRow({ name, type: { kind }, order }: Column): Rows {
  const column = quoteIdentifier(name);
  const isMoment = ['date', 'timestamp', 'timestamptz'].includes(kind);
  const isInexact = kind === 'numeric' || kind === 'float';
  return {
    where: [
      `${column} is not null`,
      ...(isMoment ? [`pg_catalog.isfinite(${column})`] : []),
      ...(isInexact ? [`${column} operator(pg_catalog.<>) all ('{NaN,Infinity,-Infinity}'::${order?.type}[])`] : []),
    ],
    orderBy: [name],
    isDescending: true,
    limit: 1,
  };
}

/** Whether a column may hold the time at which a transaction began. */
export function holdsServerTime({ type: { kind } }: Pick<Column, 'type'>): boolean {
  return kind === 'timestamptz' || kind === 'timestamp';
}

function capped(
  found: Value | undefined,
  { name, type: { kind } }: Column,
  { oldest, oldestLocal, hidden, prepared, isStandby }: OpenTransactions,
  { stream, log }: { readonly stream: string; readonly log: Log },
): Value | undefined {
  if (typeof found !== 'string') return found;
  const warn = (why: string) => log.warn(`the replication key ${name} of ${stream}: ${why}`, { stream });
  if (prepared > 0) {
    warn(
      `prepared transactions (${prepared}) may still commit older rows, so the bookmark does not advance until they have ended`,
    );
    return null;
  }
  if (hidden > 0)
    warn(
      `the role may not see when ${hidden} transactions of other roles began, so their rows could be missed. ${hiddenRemedy}`,
    );
  if (isStandby)
    warn(`a standby cannot see the transactions of its primary, so their rows could be missed. ${standbyRemedy}`);
  const end = kind === 'timestamptz' ? oldest : oldestLocal;
  // Both are in UTC, without trailing zeros of the fraction, so texts have the order of the times.
  return found < end ? found : end;
}

/** What to do about transactions that the role may not look at. */
export const hiddenRemedy =
  'Grant the role pg_read_all_stats, or set lookback_seconds to more seconds than the longest transaction takes.';
/** What to do about those of a primary. */
export const standbyRemedy =
  'Set lookback_seconds to more seconds than the longest transaction takes plus the lag of the standby, or read from the primary.';
