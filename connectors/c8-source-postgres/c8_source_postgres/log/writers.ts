import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from 'c8connector';
import type { Client } from 'pg';
import { ownQuery } from '../own-query.ts';

/** Milliseconds between two checks, until a wait is logged, and until the next such message. */
const interval = 50;
const firstNotice = 1000;
const noticeInterval = 60_000;

/** A transaction that has written to one of the tables, or locked it against writers, and is not over. It releases its lock once others see what it did. */
interface Writer {
  readonly transaction: string;
  readonly pid: number | null;
  readonly table: string;
}

const writersQuery = `
with recursive part(oid) as (
  select pg_catalog.unnest($1::oid[])
  union
  select i.inhrelid from part p join pg_catalog.pg_inherits i on i.inhparent = p.oid
)
select l.virtualtransaction as transaction, l.pid, min(l.relation::regclass::text) as table
from pg_catalog.pg_locks l
join part p on p.oid = l.relation
where l.locktype = 'relation' and l.granted and l.pid is distinct from pg_catalog.pg_backend_pid()
  and l.database = (select d.oid from pg_catalog.pg_database d where d.datname = pg_catalog.current_database())
  and l.mode in ('RowExclusiveLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
group by l.virtualtransaction, l.pid`;

/**
 * Waits for the transactions that write to the tables now. Their changes may be in the log before the position that was asked for a moment ago, or from before their table was published: only
 * a copy that begins after their end has them.
 */
export async function waitForWriters(
  client: Client,
  oids: readonly string[],
  signal: AbortSignal,
  log: Log,
): Promise<void> {
  const startedAt = performance.now();
  let noticeAt = firstNotice;
  let left = await ownQuery<Writer>(client, writersQuery, [oids]);
  while (left.length > 0) {
    await sleep(interval, undefined, { signal });
    const now = new Set((await ownQuery<Writer>(client, writersQuery, [oids])).map(({ transaction }) => transaction));
    left = left.filter(({ transaction }) => now.has(transaction));
    const waited = performance.now() - startedAt;
    const [first] = left;
    if (first === undefined || waited < noticeAt) continue;
    noticeAt += noticeInterval;
    const who = first.pid === null ? 'a prepared transaction' : `the transaction of the process ${first.pid}`;
    log.warn(
      `${who} has written to ${first.table} and is still open after ${Math.round(waited / 1000)} s: tables are copied once it has ended`,
    );
  }
}
