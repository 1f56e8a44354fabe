import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from './connection.ts';
import { execute, ownQuery } from './own-query.ts';

/** Open transactions, which may still commit rows. */
export interface OpenTransactions {
  /** The second in which the oldest open transaction or running statement began, including those of the queries: later rows cannot contain an older time of the server. In seconds since 1970. */
  readonly oldest: number;
  /** Whether the user may not see the transactions of other users. */
  readonly isHidden: boolean;
  /** Number of prepared transactions of XA, whose start may be unknown. */
  readonly prepared: number;
  /** Whether the server is a replica, on which the transactions of its primary are not visible. */
  readonly isReplica: boolean;
}

interface StatementsRow {
  readonly now: number | string;
  readonly oldest: number | string;
  readonly replicating: number | string;
}

/**
 * NOW() is when its statement began, which may have to wait before its transaction begins. How long a statement has been running is known in whole seconds. One that only selects writes nothing; those of replication have no start. The readers of a cluster with shared storage are read-only.
 */
const statementQuery = `
select unix_timestamp() as now, unix_timestamp() - coalesce(max(if(command in ('Query', 'Execute') and info not regexp '^[[:space:]]*(select|show)', time + 1, 0)), 0) as oldest,
  coalesce(sum(user = 'system user' and command <> 'Daemon'), 0) + @@innodb_read_only as replicating
from information_schema.processlist where id <> connection_id()`;

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
  const [statements] = await ownQuery<StatementsRow>(client, statementQuery);
  if (statements === undefined) throw new Error('an aggregate without GROUP BY returned no row');
  const transactions = await unlessDenied(listTransactions(client));
  const prepared = await unlessDenied(ownQuery(client, 'xa recover'));
  const replicas = await unlessDenied(ownQuery(client, 'show replica status'));
  return {
    oldest: Math.min(Number(statements.oldest), Number(transactions?.oldest ?? statements.now)),
    isHidden: transactions === undefined,
    prepared: prepared?.length ?? Number(transactions?.detached ?? 0),
    isReplica: (replicas?.length ?? 0) > 0 || Number(statements.replicating) > 0,
  };
}

/** Milliseconds for which InnoDB may return the same list again. */
const listAge = 100;
const mostReads = 50;

/** InnoDB renews its list only when nobody has read it for a moment, so it is read until it has a transaction of our own. Undefined when it never has: a list of very many transactions is cut off. */
async function listTransactions(client: Connection['client']): Promise<TransactionRow | undefined> {
  await execute(client, `set session time_zone = 'SYSTEM'`);
  await execute(client, 'start transaction with consistent snapshot');
  try {
    for (let reads = 0; reads < mostReads; reads++) {
      const [row] = await ownQuery<TransactionRow>(client, transactionQuery);
      if (Number(row?.isOwn) === 1) return row;
      await sleep(listAge * (1 + Math.random()));
    }
    return undefined;
  } finally {
    await execute(client, 'rollback');
    await execute(client, `set session time_zone = '+00:00'`);
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
