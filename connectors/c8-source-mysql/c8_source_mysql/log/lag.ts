import type { Lag, Log } from 'c8connector';
import type { ConnectionPool } from '../pool.ts';
import type { Place } from './position.ts';
import { bytesBetween, findServerLog, type ServerLog } from './server-log.ts';

/** Milliseconds between two queries for the end of the log. */
const interval = 5000;

/** Tracks how far a read is behind the end of the log. Disposing ends the queries. */
export interface LagWatch extends Disposable {
  /** At a position after a commit of that time, in microseconds. */
  at(place: Place, committedAt: bigint | undefined): Lag;
}

/** Queries the end of the log regularly, with a connection of the pool. */
export function watchLag(server: ServerLog, pool: ConnectionPool, signal: AbortSignal, log: Log): LagWatch {
  let known = { ...server, at: Date.now() };

  async function look(): Promise<void> {
    try {
      await using connection = await pool.lend(signal, 'statement');
      known = { ...(await connection.awaiting(findServerLog(connection))), at: Date.now() };
      await connection.giveBack();
    } catch (error) {
      log.debug('the end of the log is unknown', { error: String(error) });
    }
  }

  const timer = setInterval(() => void look(), interval);
  return {
    at(place, committedAt) {
      const bytes = bytesBetween(known.files, place, known.end);
      if (bytes === 0) return { bytes: 0, milliseconds: 0 };
      if (committedAt === undefined) return { bytes };
      return { bytes, milliseconds: Math.max(0, known.at - Number(committedAt / 1000n)) };
    },
    [Symbol.dispose]: () => clearInterval(timer),
  };
}
