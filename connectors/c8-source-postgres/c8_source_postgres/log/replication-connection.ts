import { isC8Error } from 'c8connector';
import { connect, connectTimeout } from '../client.ts';
import type { PostgresConfig } from '../config.ts';
import type { Connection } from '../connection.ts';
import { valueSettings } from '../reading.ts';

/**
 * A connection that can follow the log, whose values stand as those of a copy do. Once `signal` is aborted it breaks. Rejects with errors of `connect`, or of pg.
 */
export async function connectForReplication(config: PostgresConfig, signal: AbortSignal): Promise<Connection> {
  const connection = await connect(config, signal, connectTimeout, 'replication');
  try {
    const { hasNoEncoding } = connection.server;
    const settings = [
      ...valueSettings,
      // The bytes as they are: the server would refuse all that is not UTF-8.
      ...(hasNoEncoding ? [`client_encoding = 'SQL_ASCII'`] : []),
      'statement_timeout = 0',
      'idle_in_transaction_session_timeout = 0',
    ];
    await connection.client.query(settings.map((setting) => `set ${setting}`).join(';'));
    return connection;
  } catch (error) {
    await connection[Symbol.asyncDispose]();
    throw error;
  }
}

/**
 * To be called before tables are copied for hours: a pooler passes queries on, and no replication.
 *
 * @throws {ConfigError} `method_unsupported`.
 */
export async function refuseWithPooler(config: PostgresConfig, signal: AbortSignal): Promise<void> {
  try {
    await using _ = await connectForReplication(config, signal);
  } catch (error) {
    // What a role lacks is named better where the slot is created.
    if (isC8Error(error) && error.code === 'method_unsupported') throw error;
  }
}
