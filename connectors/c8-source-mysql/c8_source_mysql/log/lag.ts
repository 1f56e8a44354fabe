import type { Lag, Log } from 'c8connector';
import type { ConnectionPool } from '../pool.ts';
import { missingFromState } from './gtid-position.ts';
import { parseGtids } from './parse-gtids.ts';
import { comparePlaces, type Place } from './position.ts';
import { bytesBetween, findServerLog, type ServerLog } from './server-log.ts';

/** Milliseconds between two queries for the end of the log. */
const interval = 5000;

/** Tracks how far a read is behind the end of the log. Disposing ends the queries. */
export interface LagWatch extends Disposable {
  /** At a position after a commit of that time, in microseconds. */
  at(place: Place, committedAt: bigint | undefined): Lag;
}

/** Queries the end of the log regularly, with a connection of the pool. Calls `onReset` when the log was reset, which a dump does not always notice. */
export function watchLag(
  server: ServerLog,
  pool: ConnectionPool,
  signal: AbortSignal,
  { log, onReset }: { readonly log: Log; readonly onReset: () => void },
): LagWatch {
  let known = { ...server, at: Date.now() };

  async function look(): Promise<void> {
    try {
      await using connection = await pool.lend(signal, 'statement');
      const found = await connection.awaiting(findServerLog(connection));
      await connection.giveBack();
      if (isReset(known, found)) onReset();
      known = { ...found, at: Date.now() };
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

/** Whether the log of the same server ends before where it ended earlier, or lacks transactions that it had. */
function isReset(before: ServerLog, now: ServerLog): boolean {
  const { end, executed = '', identity, flavour } = before;
  if (identity !== now.identity) return false;
  const file = now.files.find(({ name }) => name === end.file);
  if (comparePlaces(now.end, end) < 0 || (file !== undefined && file.size < end.pos)) return true;
  return flavour === 'MariaDB'
    ? missingFromState(executed, now.settings.gtid_binlog_state ?? '') !== undefined
    : parseGtids(now.executed ?? '', flavour)?.includes(executed) === false;
}
