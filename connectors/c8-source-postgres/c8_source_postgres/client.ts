import type { ConnectionOptions } from 'node:tls';
import type { C8Error } from 'c8connector';
import { hostOf } from './address.ts';
import type { PostgresConfig } from './config.ts';
import type { Connection } from './connection.ts';
import { askForReplication, forgetEnvironment, withoutEnvironment } from './environment.ts';
import { translateError } from './errors.ts';
import { incomingOf, reusingSocket } from './incoming.ts';
import { guardMessages } from './message-guard.ts';
import { collectParameters, describeServer, type Server } from './server.ts';
import { tlsOptions } from './tls.ts';

/** Milliseconds for everything from the name look-up to the end of the login. */
export const connectTimeout = 10_000;

/** What the server is asked for as the session begins. */
type Mode = 'queries' | 'replication';

/**
 * Connects and logs in. With `prefer` it tries again without TLS when the server has none, the handshake fails, or the server lets nobody in this way, as
 * pg_hba.conf may say; not when it refuses the password, which would be no better without TLS. Once `signal` is aborted the connection breaks, and whoever
 * waits for it gets an error. In the mode `replication` the session takes the commands of a standby too, and only simple queries.
 *
 * @throws {ConnectionError | ConfigError} already translated.
 */
export async function connect(
  config: PostgresConfig,
  signal: AbortSignal,
  timeout = connectTimeout,
  mode: Mode = 'queries',
): Promise<Connection> {
  const tls = tlsOptions(config);
  const login: Login = { isDone: false };
  try {
    return await connectWith(config, tls, signal, timeout, { login, mode });
  } catch (error) {
    const first = translateError(error, config);
    if (config.ssl_mode !== 'prefer' || tls === undefined || login.isDone || !isAboutTheWay(first)) throw first;
    return await connectWith(config, undefined, signal, timeout, { login, mode }).catch((plainError) => {
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

async function connectWith(
  config: PostgresConfig,
  tls: ConnectionOptions | undefined,
  signal: AbortSignal,
  timeout: number,
  { login, mode }: { readonly login: Login; readonly mode: Mode },
): Promise<Connection> {
  signal.throwIfAborted();
  const { Client } = await import('pg');
  // The stream of TLS takes the place of the first, and reads as streams do.
  const reusing = tls === undefined ? reusingSocket() : undefined;
  const client = new Client({
    ...(reusing && { stream: () => reusing.socket }),
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
  if (mode === 'replication') askForReplication(client);
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
  const incoming = reusing?.incoming ?? incomingOf(() => client.connection.stream);
  return {
    client,
    server,
    incoming,
    isEncrypted: tls !== undefined,
    awaiting: (work) => work,
    [Symbol.asyncDispose]: dispose,
  };
}
