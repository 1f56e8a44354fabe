import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from './connection.ts';
import { execute, ownQuery } from './own-query.ts';
import { processList } from './process-list.ts';

/** Open transactions, which may still commit rows. */
export interface OpenTransactions {
  /** The second in which the oldest open transaction or running statement began, including those of the queries: later rows cannot contain an older time of the server. In seconds since 1970. */
  readonly oldest: number;
  /** Whether the user may not see the transactions of other users. */
  readonly isHidden: boolean;
  /** Whether the server could not list them in time. */
  readonly isUnknown: boolean;
  /** Number of prepared transactions of XA, whose start may be unknown. */
  readonly prepared: number;
  /** Whether the server is a replica, on which the transactions of its primary are not visible. */
  readonly isReplica: boolean;
}

/** Statements that write nothing. */
const reading = /^\s*(?:select|show)\b/i;

interface Statements {
  /** In seconds since 1970. */
  readonly now: number;
  /** When the oldest statement that may write began. NOW() is when its statement began, which may have to wait before its transaction begins. */
  readonly oldest: number;
  readonly isReplicating: boolean;
}

async function runningStatements(client: Connection['client']): Promise<Statements> {
  const [clock] = await ownQuery<{ now: number | string; own: number | string }>(
    client,
    'select unix_timestamp() as now, connection_id() as own',
  );
  const now = Number(clock?.now);
  const threads = (await processList(client)).filter(({ id }) => id !== Number(clock?.own));
  // How long a statement has been running is known in whole seconds. Those of replication have no start.
  const writing = threads.filter(
    ({ command, statement }) => (command === 'Query' || command === 'Execute') && !reading.test(statement),
  );
  return {
    now,
    oldest: now - Math.max(0, ...writing.map(({ seconds = 0 }) => seconds + 1)),
    isReplicating: threads.some(({ user, command }) => user === 'system user' && command !== 'Daemon'),
  };
}

interface TransactionRow {
  readonly isOwn: number;
  readonly oldest: number | string | null;
  readonly detached: number | string | null;
}

/**
 * The start is in the time zone of the server's system, in which an hour may come twice: then it may be the first. A transaction that is read-only writes nothing.
 */
const transactionQuery = `
select coalesce(max(trx_mysql_thread_id = connection_id()), 0) as isOwn, sum(trx_mysql_thread_id = 0) as detached,
  min(if(trx_is_read_only, null, unix_timestamp(trx_started) - if(from_unixtime(unix_timestamp(trx_started) - 3600) = trx_started, 3600, 0))) as oldest
from information_schema.innodb_trx`;

/** Queries the open transactions, with a few queries. Errors are those of mysql2. */
export async function openTransactions({ client }: Pick<Connection, 'client'>): Promise<OpenTransactions> {
  // Statements first: one that has ended by then is committed, or its transaction is listed.
  const statements = await runningStatements(client);
  const transactions = await unlessDenied(listTransactions(client));
  const listed = transactions === 'unknown' ? undefined : transactions;
  const prepared = await unlessDenied(ownQuery(client, 'xa recover'));
  const replicas = await unlessDenied(ownQuery(client, 'show replica status'));
  return {
    oldest: Math.min(statements.oldest, Number(listed?.oldest ?? statements.now)),
    isHidden: transactions === undefined,
    isUnknown: transactions === 'unknown',
    prepared: prepared?.length ?? Number(listed?.detached ?? 0),
    isReplica: (replicas?.length ?? 0) > 0 || statements.isReplicating,
  };
}

/** Milliseconds for which InnoDB may return the same list again. */
const listAge = 100;
const mostReads = 50;

/** The number of the error with which MySQL cannot list a statement that has a character such as an emoji, until it has ended. */
const unlistable = 3854;

/** InnoDB renews its list only when nobody has read it for a moment, so it is read until it has a transaction of our own. `unknown` when it never has: a list of very many transactions is cut off. */
async function listTransactions(client: Connection['client']): Promise<TransactionRow | 'unknown'> {
  await execute(client, `set session time_zone = 'SYSTEM'`);
  await execute(client, 'start transaction with consistent snapshot');
  try {
    for (let reads = 0; reads < mostReads; reads++) {
      const row = await listedNow(client);
      if (row !== undefined && Number(row.isOwn) === 1) return row;
      await sleep(listAge * (1 + Math.random()));
    }
    return 'unknown';
  } finally {
    await execute(client, 'rollback');
    await execute(client, `set session time_zone = '+00:00'`);
  }
}

async function listedNow(client: Connection['client']): Promise<TransactionRow | undefined> {
  try {
    const [row] = await ownQuery<TransactionRow>(client, transactionQuery);
    return row;
  } catch (error) {
    if ((error as { readonly errno?: number }).errno === unlistable) return undefined;
    throw error;
  }
}

/** The numbers of errors for a missing privilege. */
const denied = [1142, 1227, 1401];

/** Undefined when the user lacks the privilege. */
async function unlessDenied<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (denied.includes((error as { readonly errno?: number }).errno ?? 0)) return undefined;
    throw error;
  }
}
