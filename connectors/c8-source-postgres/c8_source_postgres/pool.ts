import { lendingPool, type Pool } from 'c8connector-sql';
import { connect } from './client.ts';
import type { PostgresConfig } from './config.ts';
import type { Connection } from './connection.ts';
import { translateError } from './errors.ts';
import { beginReading, type Isolation } from './reading.ts';
import { type SnapshotSessions, snapshotSessions } from './sessions.ts';

/** The connections of one run. */
export interface ConnectionPool extends Pool<Connection, Isolation> {
  /** Snapshots that several connections share. */
  readonly sessions: SnapshotSessions;
}

/** An empty pool. */
export function connectionPool(config: PostgresConfig): ConnectionPool {
  const pool = lendingPool<Connection, Isolation>({
    connect: (signal) => connect(config, signal),
    begin: (connection, isolation, signal) => beginReading(connection, config, isolation, signal),
    translate: (error) => translateError(error, config),
  });
  const sessions = snapshotSessions(pool.lend);
  return {
    lend: pool.lend,
    sessions,
    async [Symbol.asyncDispose]() {
      await sessions[Symbol.asyncDispose]();
      await pool[Symbol.asyncDispose]();
    },
  };
}
