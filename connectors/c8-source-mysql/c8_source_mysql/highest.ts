import type { HighestContext, Log, Value } from 'c8connector';
import { anomalyReport, onlyValue, type Rows, schemaOfColumn } from 'c8connector-sql';
import type { Column } from './catalog.ts';
import type { MysqlConfig } from './config.ts';
import { readRows } from './copy-rows.ts';
import type { MysqlStream } from './discover.ts';
import { translateError } from './errors.ts';
import { type OpenTransactions, openTransactions } from './open-transactions.ts';
import type { ConnectionPool } from './pool.ts';
import { quoteIdentifier } from './quote.ts';
import { localFrom } from './zone.ts';

type Context = HighestContext<MysqlConfig, ConnectionPool>;

/**
 * The highest replication key that exists now and that no open transaction can insert rows below. For a key with the server's time, it is at most the start of the oldest open
 * transaction; for other keys, what an open transaction will insert is unknown. Dates that no calendar has are left out. Null when there is none.
 */
export async function highest(stream: MysqlStream, context: Context): Promise<Value | undefined> {
  const { config, resource, replicationKey, signal, log } = context;
  const column = stream.columns.find(({ name }) => name === replicationKey);
  if (column === undefined) return undefined;
  try {
    await using connection = await resource.lend(signal, 'statement');
    // Before the key is read: transactions that begin afterwards have a later time.
    const transactions = holdsServerTime(column) ? await connection.awaiting(openTransactions(connection)) : undefined;
    const schema = schemaOfColumn(stream.schema, replicationKey);
    const read = { config, log, columns: [replicationKey], schema, exact: 'number' } as const;
    const request = { context: read, queries: [highestRow(column)], report: anomalyReport(stream.id) };
    const pages = readRows(connection, stream, request);
    const found = await onlyValue(pages, { stream: stream.id, schema, name: replicationKey });
    if (transactions === undefined) return found;
    const zone = config.timestamp_zone;
    return capped(found, column, { transactions, zone }, { stream: stream.id, log });
  } catch (error) {
    throw translateError(error, config, stream.id);
  }
}

/** The first row in descending order, which an index finds at once. */
function highestRow({ name, type: { kind } }: Column): Rows {
  const column = quoteIdentifier(name);
  const isMoment = ['date', 'timestamp', 'timestamptz'].includes(kind);
  return {
    where: [
      `${column} is not null`,
      ...(isMoment
        ? [`dayofmonth(${column}) between 1 and dayofmonth(last_day(${column}))`, `${column} >= '0001-01-01'`]
        : []),
    ],
    orderBy: [name],
    isDescending: true,
    limit: 1,
  };
}

/** Whether a column may hold the time at which a statement began. */
export function holdsServerTime({ type: { kind } }: Pick<Column, 'type'>): boolean {
  return kind === 'timestamptz' || kind === 'timestamp';
}

function capped(
  found: Value | undefined,
  { name, type: { kind } }: Column,
  { transactions, zone }: { readonly transactions: OpenTransactions; readonly zone: string },
  { stream, log }: { readonly stream: string; readonly log: Log },
): Value | undefined {
  const { oldest, isHidden, isUnknown, prepared, isReplica } = transactions;
  const end = isoText(kind === 'timestamptz' ? oldest : localFrom(oldest, zone));
  if (typeof found !== 'string') return found;
  const warn = (why: string) => log.warn(`the replication key ${name} of ${stream}: ${why}`, { stream });
  if (prepared > 0) {
    warn(
      `prepared transactions (${prepared}) may still commit older rows, so the bookmark does not advance until they have ended`,
    );
    return null;
  }
  if (isUnknown) {
    warn('the server could not list its open transactions, so the bookmark does not advance in this run');
    return null;
  }
  if (isHidden)
    warn(`the user may not see the open transactions of other users, so their rows could be missed. ${hiddenRemedy}`);
  if (isReplica)
    warn(`a replica cannot see the transactions of its primary, so their rows could be missed. ${replicaRemedy}`);
  // Texts of the same form have the order of the times.
  return found < end ? found : end;
}

/** Seconds since 1970 in the form of a row, without a fraction: a column may hold none. */
function isoText(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}+00:00`;
}

/** What to do about transactions that the user may not look at. */
export const hiddenRemedy =
  'Grant the user PROCESS, or set lookback_seconds to more seconds than the longest transaction takes.';
/** What to do about those of a primary. */
export const replicaRemedy =
  'Set lookback_seconds to more seconds than the longest transaction takes plus the lag of the replica, or read from the primary.';
