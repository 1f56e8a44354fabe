import type { Lag, Log } from 'c8connector';
import { ownQuery } from '../own-query.ts';
import type { ConnectionPool } from '../pool.ts';

/** Milliseconds between two queries for the end of the log. */
const interval = 5000;

interface EndRow {
  readonly end: string;
  /** Microseconds since 1970, by the clock of the server. */
  readonly now: string;
}

const endQuery = `
select (pg_catalog.pg_current_wal_flush_lsn() - '0/0'::pg_lsn)::text as end,
  (extract(epoch from pg_catalog.clock_timestamp()) * 1000000)::bigint::text as now`;

/** Tracks how far a read is behind the end of the log. Disposing ends the queries. */
export interface LagWatch extends Disposable {
  /** At a position after a commit of that time, in microseconds. */
  at(lsn: bigint, committedAt: bigint | undefined): Lag;
}

/** Queries the end of the log regularly, with a connection of the pool. */
export function watchLag(end: bigint, pool: ConnectionPool, signal: AbortSignal, log: Log): LagWatch {
  let known = { end, now: BigInt(Date.now()) * 1000n };

  async function look(): Promise<void> {
    try {
      await using connection = await pool.lend(signal, 'read committed');
      const [row] = await ownQuery<EndRow>(connection.client, endQuery);
      if (row !== undefined) known = { end: BigInt(row.end), now: BigInt(row.now) };
      await connection.giveBack();
    } catch (error) {
      log.debug('the end of the log is unknown', { error: String(error) });
    }
  }

  const timer = setInterval(() => void look(), interval);
  return {
    at(lsn, committedAt) {
      const bytes = known.end > lsn ? known.end - lsn : 0n;
      if (bytes === 0n) return { bytes: 0, milliseconds: 0 };
      if (committedAt === undefined) return { bytes: Number(bytes) };
      return { bytes: Number(bytes), milliseconds: Math.max(0, Number((known.now - committedAt) / 1000n)) };
    },
    [Symbol.dispose]: () => clearInterval(timer),
  };
}
