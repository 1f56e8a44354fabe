import type { ConnectionOptions } from 'node:tls';
import type { Client } from 'pg';
import type { PostgresConfig } from './config.ts';
import { translateError } from './errors.ts';
import { openTransaction } from './session.ts';
import { tlsOptions } from './tls.ts';

/** Milliseconds for everything from the name look-up to the end of the login. */
export const connectTimeout = 10_000;

/** One connection. Disposing closes it at once, also in the middle of a query, and waits for nothing. */
export interface Connection extends AsyncDisposable {
  readonly client: Client;
  readonly isEncrypted: boolean;
}

/**
 * Connects and logs in. `prefer` goes on without TLS when the server has none or the handshake fails. Once `signal` is aborted the
 * connection breaks, and whoever waits for it gets an error.
 *
 * @throws {ConnectionError | ConfigError} already translated.
 */
export async function connect(config: PostgresConfig, signal: AbortSignal): Promise<Connection> {
  const tls = tlsOptions(config);
  try {
    return await connectWith(config, tls, signal);
  } catch (error) {
    const translated = translateError(error, config);
    if (config.ssl_mode !== 'prefer' || tls === undefined || translated.code !== 'tls_refused') throw translated;
  }
  try {
    return await connectWith(config, undefined, signal);
  } catch (error) {
    throw translateError(error, config);
  }
}

/** Connects, and opens the transaction of `openTransaction`. */
export async function connectForReading(config: PostgresConfig, signal: AbortSignal): Promise<Connection> {
  const connection = await connect(config, signal);
  try {
    await connection.client.query(openTransaction);
    return connection;
  } catch (error) {
    await connection[Symbol.asyncDispose]();
    throw translateError(error, config);
  }
}

async function connectWith(
  config: PostgresConfig,
  tls: ConnectionOptions | undefined,
  signal: AbortSignal,
): Promise<Connection> {
  signal.throwIfAborted();
  const { Client } = await import('pg');
  const client = new Client({
    host: config.host,
    port: config.port,
    user: config.user,
    // Not undefined: pg would go on to look for PGPASSWORD and a password file.
    password: config.password?.reveal() ?? '',
    database: config.dbname,
    ssl: tls ?? false,
    application_name: 'c8-source-postgres',
    connectionTimeoutMillis: connectTimeout,
    keepAlive: true,
  });
  const destroy = () => client.connection.stream.destroy();
  // The error reaches whoever waits for a query; this listener only keeps it from ending the process.
  client.on('error', () => undefined);
  signal.addEventListener('abort', destroy, { once: true });
  const dispose = async () => {
    signal.removeEventListener('abort', destroy);
    destroy();
  };
  try {
    await client.connect();
  } catch (error) {
    await dispose();
    throw error;
  }
  return { client, isEncrypted: tls !== undefined, [Symbol.asyncDispose]: dispose };
}
