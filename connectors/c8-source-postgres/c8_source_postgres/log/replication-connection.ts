import { isC8Error } from 'c8connector';
import { connect, connectTimeout } from '../client.ts';
import type { PostgresConfig } from '../config.ts';
import type { Connection } from '../connection.ts';
import { valueSettings } from '../reading.ts';

/**
 * A connection that can follow the log, with the settings of a copy, so that values have the same text. It breaks once `signal` is aborted. Rejects with errors of `connect` or of pg.
 */
export async function connectForReplication(config: PostgresConfig, signal: AbortSignal): Promise<Connection> {
  const connection = await connect(config, signal, connectTimeout, 'replication');
  try {
    const { hasNoEncoding } = connection.server;
    const settings = [
      ...valueSettings,
      // The server then sends the bytes unchanged; with UTF8 it would refuse values that are not UTF-8.
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
 * Fails early, before tables are copied for hours: a pooler forwards queries but not replication.
 *
 * @throws {ConfigError} `method_unsupported`.
 */
export async function refuseWithPooler(config: PostgresConfig, signal: AbortSignal): Promise<void> {
  try {
    await using _ = await connectForReplication(config, signal);
  } catch (error) {
    // A missing privilege gets a better message where the slot is created.
    if (isC8Error(error) && error.code === 'method_unsupported') throw error;
  }
}
