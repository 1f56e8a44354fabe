import type { ConnectionOptions } from 'node:tls';
import type { Client } from 'pg';
import type { PostgresConfig } from './config.ts';
import { translateError } from './errors.ts';
import { setOwnPath } from './own-query.ts';
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

/** Opens the transaction that everything is read in. Its settings are local to it, so that it works behind a transaction pooler too. */
const openTransaction = [
  // One snapshot of all tables, and no write.
  'begin transaction isolation level repeatable read, read only',
  // Before anything that names a function, an operator or a type.
  setOwnPath,
  // The converters of values rely on these.
  `set local client_encoding = 'UTF8'`,
  `set local timezone = 'UTC'`,
  `set local datestyle = 'ISO'`,
  `set local intervalstyle = 'iso_8601'`,
  'set local extra_float_digits = 3',
  `set local bytea_output = 'hex'`,
  `set local lc_monetary = 'C'`,
  // The catalog names types, and columns of the type regclass hold names.
  'set local quote_all_identifiers = off',
  // Every scan begins at the first row of the table, so that two samples are alike.
  'set local synchronize_seqscans = off',
  // A table may take as long as it takes, and its reader too.
  'set local statement_timeout = 0',
  'set local idle_in_transaction_session_timeout = 0',
  // Ends the query of a reader that has gone away, where the platform of the server can notice it.
  `select set_config('client_connection_check_interval', '1s', true) where version() like '%linux%'`,
].join(';\n');

/** Connects, and opens a transaction that reads one snapshot, writes nothing and has no time limit. Errors are those of `connect`. */
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
