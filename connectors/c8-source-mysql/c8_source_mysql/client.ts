import type { ConnectionOptions } from 'node:tls';
import type { C8Error } from 'c8connector';
import { connectByMode, hostOf } from 'c8connector-sql';
import type { Connection as Client } from 'mysql2';
import type { MysqlConfig } from './config.ts';
import type { Connection } from './connection.ts';
import { type Driver, driverOf } from './driver.ts';
import { translateError } from './errors.ts';
import { guardPackets, type Login } from './packet-guard.ts';
import { describeServer } from './server.ts';
import { replaceStartTls } from './start-tls.ts';

/** Milliseconds for everything from the name look-up to the end of the login. */
export const connectTimeout = 10_000;

/**
 * Connects and logs in. With `prefer` it tries again without TLS when the server does not support TLS, or when the handshake fails; but not when it refuses the password, which would fail without TLS too. When `signal`
 * is aborted, the connection breaks and pending work rejects.
 *
 * @throws {ConnectionError | ConfigError} already translated.
 */
export async function connect(config: MysqlConfig, signal: AbortSignal, timeout = connectTimeout): Promise<Connection> {
  const login: Login = { isDone: false, isNegotiating: false };
  return await connectByMode(config, (tls) => connectWith(config, tls, signal, { timeout, login }), {
    translate: (error) => translateError(error, config),
    isAboutTls: ({ code }: C8Error) => code === 'tls_refused',
    isLoggedIn: () => login.isDone,
  });
}

async function connectWith(
  config: MysqlConfig,
  tls: ConnectionOptions | undefined,
  signal: AbortSignal,
  { timeout, login }: { readonly timeout: number; readonly login: Login },
): Promise<Connection> {
  signal.throwIfAborted();
  const { createConnection } = await import('mysql2');
  const password = config.password?.reveal();
  const isSocket = config.host.startsWith('/');
  const client = createConnection({
    ...(isSocket ? { socketPath: config.host } : { host: hostOf(config), port: config.port }),
    user: config.user,
    ...(password !== undefined && { password }),
    // Only whether it is set counts: see `replaceStartTls`.
    ...(tls && { ssl: {} }),
    // The timer below also limits the first query.
    connectTimeout: 0,
    connectAttributes: { program_name: 'c8-source-mysql' },
    charset: 'utf8mb4_general_ci',
    // Without query attributes a query is its plain text; a server must not ask for local files.
    flags: ['-CLIENT_QUERY_ATTRIBUTES', '-LOCAL_FILES'],
    // The plugin sends the password as it is, so only to the right server.
    enableCleartextPlugin: isSocket || config.ssl_mode.startsWith('verify'),
    // With the ten probes of one second that Node configures, a dead host is noticed within 20 s.
    enableKeepAlive: true,
    keepAliveInitialDelay: 10_000,
  });
  const driver = driverOf({ client });
  const destroy = () => driver.stream.destroy();
  signal.addEventListener('abort', destroy, { once: true });
  const dispose = async () => {
    signal.removeEventListener('abort', destroy);
    destroy();
  };
  guard(driver, tls, hostOf(config), login);
  const timer = setTimeout(() => driver.stream.destroy(new Error('timeout expired')), timeout);
  try {
    await connected(client);
    login.isDone = true;
    const server = await describeServer(client);
    return {
      client,
      server,
      isEncrypted: tls !== undefined,
      awaiting: (work) => work,
      [Symbol.asyncDispose]: dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** Checks what the server sends from the first packet on. */
function guard(driver: Driver, tls: ConnectionOptions | undefined, host: string, login: Login): void {
  login.isNegotiating = false;
  const checkSize = guardPackets(driver, login);
  driver.stream.on('data', checkSize);
  if (tls !== undefined) replaceStartTls(driver, login, { tls, host, onBytes: checkSize });
}

function connected(client: Client): Promise<void> {
  return new Promise((resolve, reject) => {
    // Later errors reject pending queries; the listener then only keeps them from ending the process.
    client.on('error', reject);
    client.once('connect', () => resolve());
  });
}
