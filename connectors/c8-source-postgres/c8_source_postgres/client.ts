import type { ConnectionOptions } from 'node:tls';
import type { C8Error } from 'c8connector';
import { connectByMode, hostOf, incomingOf, reusingSocket } from 'c8connector-sql';
import type { PostgresConfig } from './config.ts';
import type { Connection } from './connection.ts';
import { askForReplication, forgetEnvironment, withoutEnvironment } from './environment.ts';
import { translateError } from './errors.ts';
import { guardMessages } from './message-guard.ts';
import { collectParameters, describeServer, type Server } from './server.ts';

/** Milliseconds for everything from the name look-up to the end of the login. */
export const connectTimeout = 10_000;

/** The type of session that is requested from the server. */
type Mode = 'queries' | 'replication';

/**
 * Connects and logs in. With `prefer` it tries again without TLS when the server does not support TLS, when the handshake fails, or when the server refuses connections with TLS, as
 * pg_hba.conf may; but not when it refuses the password, which would fail without TLS too. When `signal` is aborted, the connection breaks and pending work rejects.
 * In the mode `replication` the session also accepts the commands of a standby, and only simple queries.
 *
 * @throws {ConnectionError | ConfigError} already translated.
 */
export async function connect(
  config: PostgresConfig,
  signal: AbortSignal,
  timeout = connectTimeout,
  mode: Mode = 'queries',
): Promise<Connection> {
  const login: Login = { isDone: false };
  return await connectByMode(config, (tls) => connectWith(config, tls, signal, timeout, { login, mode }), {
    translate: (error) => translateError(error, config),
    isAboutTls,
    isLoggedIn: () => login.isDone,
  });
}

/** How far a login got. */
interface Login {
  isDone: boolean;
}

/** Whether the server refuses connections with, or without, TLS, so that the other kind may work. 28000 is the code of a refusal by pg_hba.conf. */
function isAboutTls({ code, details }: C8Error): boolean {
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
  // The TLS stream replaces the socket, and reads in the usual way.
  const reusing = tls === undefined ? reusingSocket() : undefined;
  const client = new Client({
    ...(reusing && { stream: () => reusing.socket }),
    host: hostOf(config),
    port: config.port,
    user: config.user,
    // A function, since for an absent or empty text pg would use PGPASSWORD and a password file.
    password: () => config.password?.reveal() ?? '',
    database: config.dbname,
    ssl: tls ?? false,
    application_name: 'c8-source-postgres',
    connectionTimeoutMillis: timeout,
    // With the ten probes of one second that Node configures, a dead host is noticed within 20 s.
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    ...withoutEnvironment,
  });
  forgetEnvironment(client);
  if (mode === 'replication') askForReplication(client);
  const destroy = () => client.connection.stream.destroy();
  // Pending queries reject with the error; this listener only keeps it from ending the process.
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
    // After the negotiation, the TLS stream replaces the socket, and pg listens to it.
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
