import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import mysql from 'mysql2/promise';
import { giveTo, reachableTemporaryParent, serverAccount } from '../account.ts';
import { type Certificates, createCertificates } from '../certificates.ts';
import { endServer, launch, type ServerHome, startServer } from '../server-process.ts';
import { createTemporaryDirectory } from '../temporary-directory.ts';
import { writeConfiguration } from './configuration.ts';
import type { Flavour } from './flavour.ts';
import { mariaDb } from './mariadb.ts';
import { mySql } from './mysql.ts';

export interface MySqlOptions {
  /** Lines of my.cnf, such as `{ binlog_row_image: 'MINIMAL', skip_log_bin: '1' }`. */
  readonly settings?: Readonly<Record<string, string>>;
  /**
   * Serves TLS with a certificate of an authority made for this server; without, MariaDB serves none, and MySQL a certificate of its own
   * making. Clients may connect without TLS, unless their account or `require_secure_transport` forbids it.
   */
  readonly tls?: boolean;
}

export interface MySqlServer extends AsyncDisposable {
  readonly host: '127.0.0.1';
  readonly port: number;
  readonly user: 'root';
  readonly password: string;
  readonly database: 'test';
  /** Present when `tls` was asked for. */
  readonly certificates?: Certificates;
  /** Creates an empty database of utf8mb4 and gives its name. */
  createDatabase(name?: string): Promise<string>;
  /** What the server has logged until now. */
  log(): Promise<string>;
  /** Ends the server if it runs, and serves the same data on the same port again. */
  restart(): Promise<void>;
  /** Ends the server as a crash does; what was committed is there after `restart`. */
  kill(): Promise<void>;
  /** Ends the server and removes its data; may be called again. */
  stop(): Promise<void>;
}

type WithTls = MySqlOptions & { readonly tls: true };
type MySqlServerWithTls = MySqlServer & { readonly certificates: Certificates };

/**
 * Starts the MariaDB server that is installed on this machine, with data of its own, on 127.0.0.1, as `nobody` when this process is root. It
 * writes a binary log of full rows with the names of columns. It ends and its data goes with `stop`, with `await using`, or with this
 * process, and does not keep this process alive.
 *
 * @throws {ServerNotInstalled} when there is none; `missingMariaDb` finds that out before.
 */
export async function startMariaDb(options: WithTls): Promise<MySqlServerWithTls>;
export async function startMariaDb(options?: MySqlOptions): Promise<MySqlServer>;
export async function startMariaDb(options: MySqlOptions = {}): Promise<MySqlServer> {
  return await start(mariaDb, options);
}

/**
 * Starts the MySQL server whose folder stands in MYSQL_SERVER, as `startMariaDb` does, with GTIDs.
 *
 * @throws {ServerNotInstalled} when there is none; `missingMySql` finds that out before.
 */
export async function startMySql(options: WithTls): Promise<MySqlServerWithTls>;
export async function startMySql(options?: MySqlOptions): Promise<MySqlServer>;
export async function startMySql(options: MySqlOptions = {}): Promise<MySqlServer> {
  return await start(mySql, options);
}

async function start(flavour: Flavour, options: MySqlOptions): Promise<MySqlServer> {
  const program = flavour.find();
  const account = serverAccount();
  const name = `test-${flavour.name.toLowerCase()}`;
  const directory = await createTemporaryDirectory(name, await reachableTemporaryParent(account));
  try {
    await giveTo(account, directory.path);
    const home: ServerHome = { directory, logFile: join(directory.path, 'server.log'), account };
    const certificates = options.tls ? await createCertificates('root') : undefined;
    const settings = { ...flavour.settings, ...options.settings };
    const file = await writeConfiguration({ directory: directory.path, settings, certificates }, account);
    const data = join(directory.path, 'data');
    await mkdir(data, { mode: 0o700 });
    await giveTo(account, data);
    const password = randomBytes(18).toString('base64url');
    const firstArguments = await flavour.initialize(home, program, file, password);
    let { child, port } = await launchServer(firstArguments);
    await rm(join(directory.path, 'initialize.sql'));

    function launchServer(more: readonly string[], port?: number): Promise<{ child: ChildProcess; port: number }> {
      const launchOn = (chosen: number) =>
        launch(home, program, [`--defaults-file=${file}`, `--port=${chosen}`, ...more]);
      const isReady = (_child: ChildProcess, log: string) => log.includes(': ready for connections');
      return startServer({ name: flavour.name, home, launchOn, isReady, portIsTaken: 'Bind on TCP/IP port' }, port);
    }

    async function kill(): Promise<void> {
      await endServer(child, 'SIGKILL');
      directory.owns(undefined);
    }
    async function stop(): Promise<void> {
      // Nothing of its data is needed any more, and MySQL takes seconds to shut down.
      await kill();
      await directory.remove();
    }
    return {
      host: '127.0.0.1',
      port,
      user: 'root',
      password,
      database: 'test',
      ...(certificates && { certificates: certificates.forClients }),
      async createDatabase(name = `test_${randomBytes(6).toString('hex')}`) {
        // The socket, which require_secure_transport never shuts out.
        await createDatabase(name, { socketPath: join(directory.path, 'socket'), user: 'root', password });
        return name;
      },
      log: () => readFile(home.logFile, 'utf8'),
      async restart() {
        await end(child);
        ({ child } = await launchServer([], port));
      },
      kill,
      stop,
      [Symbol.asyncDispose]: stop,
    };
  } catch (error) {
    await directory.remove();
    throw error;
  }
}

function end(child: ChildProcess): Promise<void> {
  return endServer(child, 'SIGTERM', { signal: 'SIGKILL', milliseconds: 10_000 });
}

async function createDatabase(name: string, login: mysql.ConnectionOptions): Promise<void> {
  const connection = await mysql.createConnection(login);
  try {
    await connection.query(`CREATE DATABASE ${mysql.escapeId(name, true)} CHARACTER SET utf8mb4`);
  } finally {
    await connection.end();
  }
}
