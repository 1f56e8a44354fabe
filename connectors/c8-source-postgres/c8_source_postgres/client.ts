import type { ConnectionOptions } from 'node:tls';
import type { C8Error } from 'c8connector';
import { hostOf } from './address.ts';
import { activityOf, backendOf, backendText, probeTimeout } from './backend.ts';
import type { PostgresConfig } from './config.ts';
import type { Connection } from './connection.ts';
import { forgetEnvironment, withoutEnvironment } from './environment.ts';
import { translateError } from './errors.ts';
import { guardMessages } from './message-guard.ts';
import { setOwnPath } from './own-query.ts';
import { collectParameters, describeServer, type Server, settingsFor } from './server.ts';
import { watchSilence } from './silence.ts';
import { tlsOptions } from './tls.ts';

/** Milliseconds for everything from the name look-up to the end of the login. */
export const connectTimeout = 10_000;

/** Milliseconds for the statement that opens the transaction. */
const openingTimeout = 25_000;

/**
 * Connects and logs in. With `prefer` it tries again without TLS when the server has none, the handshake fails, or the server lets nobody in this way, as
 * pg_hba.conf may say; not when it refuses the password, which would be no better without TLS. Once `signal` is aborted the connection breaks, and whoever
 * waits for it gets an error.
 *
 * @throws {ConnectionError | ConfigError} already translated.
 */
export async function connect(
  config: PostgresConfig,
  signal: AbortSignal,
  timeout = connectTimeout,
): Promise<Connection> {
  const tls = tlsOptions(config);
  const login: Login = { isDone: false };
  try {
    return await connectWith(config, tls, signal, timeout, login);
  } catch (error) {
    const first = translateError(error, config);
    if (config.ssl_mode !== 'prefer' || tls === undefined || login.isDone || !isAboutTheWay(first)) throw first;
    return await connectWith(config, undefined, signal, timeout, login).catch((plainError) => {
      const second = translateError(plainError, config);
      throw first.code !== 'tls_refused' && isAboutTheWay(second) ? first : second;
    });
  }
}

/** How far a login came. */
interface Login {
  isDone: boolean;
}

/** Whether the server refuses connections that come this way, with TLS or without: another may do. 28000 is what pg_hba.conf makes of it. */
function isAboutTheWay({ code, details }: C8Error): boolean {
  return code === 'tls_refused' || details.serverCode === '28000';
}

/** How much of the database one statement sees of the time of another: all of it, or what is committed when it begins. */
type Isolation = 'repeatable read' | 'read committed';

/** Settings of the transaction that everything is read in. They are local to it, so that it works behind a transaction pooler too. */
const settings = [
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
  'set local lock_timeout = 0',
  'set local idle_in_transaction_session_timeout = 0',
];

/**
 * Connects, and opens a transaction that writes nothing and has no time limit, by default in one snapshot. A connection that died without a word is noticed within 30 s.
 * Errors are those of `connect`.
 */
export async function connectForReading(
  config: PostgresConfig,
  signal: AbortSignal,
  isolation: Isolation = 'repeatable read',
): Promise<Connection> {
  const connection = await connect(config, signal);
  try {
    const begin = `begin transaction isolation level ${isolation}, read only`;
    const all = [begin, ...settings, ...settingsFor(connection.server), backendText];
    const backend = backendOf(await opened(connection, all.join(';\n')));
    const probe = () => connect(config, signal, probeTimeout);
    return { ...connection, ...watchSilence(connection, () => activityOf(backend, probe)) };
  } catch (error) {
    await connection[Symbol.asyncDispose]();
    throw translateError(error, config);
  }
}

/** A pooler may let us wait for a connection of its own, but not for ever. */
async function opened({ client }: Connection, text: string): Promise<unknown> {
  const timer = setTimeout(() => client.connection.stream.destroy(new Error('timeout expired')), openingTimeout);
  try {
    return await client.query(text);
  } finally {
    clearTimeout(timer);
  }
}

async function connectWith(
  config: PostgresConfig,
  tls: ConnectionOptions | undefined,
  signal: AbortSignal,
  timeout: number,
  login: Login,
): Promise<Connection> {
  signal.throwIfAborted();
  const { Client } = await import('pg');
  const client = new Client({
    host: hostOf(config),
    port: config.port,
    user: config.user,
    // A function, since pg takes an absent or empty text for a question to PGPASSWORD and a password file.
    password: () => config.password?.reveal() ?? '',
    database: config.dbname,
    ssl: tls ?? false,
    application_name: 'c8-source-postgres',
    connectionTimeoutMillis: timeout,
    // With the ten probes of a second each that Node asks the system for, a host that is gone is noticed within 20 s.
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    ...withoutEnvironment,
  });
  forgetEnvironment(client);
  const destroy = () => client.connection.stream.destroy();
  // The error reaches whoever waits for a query; this listener only keeps it from ending the process.
  client.on('error', () => undefined);
  signal.addEventListener('abort', destroy, { once: true });
  const dispose = async () => {
    signal.removeEventListener('abort', destroy);
    destroy();
  };
  client.connection.once('authenticationOk', () => {
    login.isDone = true;
  });
  const parameters = collectParameters(client);
  let server: Server;
  try {
    const connecting = client.connect();
    // The stream of TLS takes the place of the first once both sides agree; pg listens to it then.
    if (tls === undefined) guardMessages(client.connection.stream);
    else client.connection.once('sslconnect', () => guardMessages(client.connection.stream));
    await connecting;
    server = await describeServer(client, parameters);
  } catch (error) {
    await dispose();
    throw error;
  }
  return { client, server, isEncrypted: tls !== undefined, awaiting: (work) => work, [Symbol.asyncDispose]: dispose };
}
