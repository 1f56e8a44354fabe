import { lendingPool, type Pool } from 'c8connector-sql';
import { connect } from './client.ts';
import type { MysqlConfig } from './config.ts';
import type { Connection } from './connection.ts';
import { translateError } from './errors.ts';
import { beginReading, type Isolation } from './reading.ts';

/** The connections of one run. */
export type ConnectionPool = Pool<Connection, Isolation>;

/** An empty pool. */
export function connectionPool(config: MysqlConfig): ConnectionPool {
  return lendingPool<Connection, Isolation>({
    connect: (signal) => connect(config, signal),
    begin: (connection, _, signal) => beginReading(connection, config, signal),
    translate: (error) => translateError(error, config),
  });
}
