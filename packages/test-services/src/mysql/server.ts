import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import mysql from 'mysql2/promise';
import { giveTo, reachableTemporaryParent, serverAccount } from '../account.ts';
import { type Certificates, createCertificates } from '../certificates.ts';
import { endServer, launch, type ServerHome, startServer } from '../server-process.ts';
import { createTemporaryDirectory } from '../temporary-directory.ts';
import { writeConfiguration } from './configuration.ts';
import { findMariaDb } from './installation.ts';
import { createSystemTables } from './system-tables.ts';

export interface MariaDbOptions {
  /** Lines of my.cnf, such as `{ binlog_row_image: 'MINIMAL', skip_log_bin: '1' }`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Serves TLS with a certificate of an authority made for this server. Clients may still connect without, unless an account or `require_secure_transport` forbids it. */
  readonly tls?: boolean;
}

export interface MariaDbServer extends AsyncDisposable {
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

/**
 * Starts the MariaDB server that is installed on this machine, with data of its own, on 127.0.0.1, as `nobody` when this process is root. It
 * writes a binary log of full rows with the names of columns. It ends and its data goes with `stop`, with `await using`, or with this
 * process, and does not keep this process alive.
 *
 * @throws {ServerNotInstalled} when there is none; `missingMariaDb` tells that before.
 */
export async function startMariaDb(
  options: MariaDbOptions & { readonly tls: true },
): Promise<MariaDbServer & { readonly certificates: Certificates }>;
export async function startMariaDb(options?: MariaDbOptions): Promise<MariaDbServer>;
export async function startMariaDb(options: MariaDbOptions = {}): Promise<MariaDbServer> {
  const program = findMariaDb();
  const account = serverAccount();
  const directory = await createTemporaryDirectory('test-mariadb', await reachableTemporaryParent(account));
  try {
    await giveTo(account, directory.path);
    const home: ServerHome = { directory, logFile: join(directory.path, 'server.log'), account };
    const certificates = options.tls ? await createCertificates('root') : undefined;
    const { settings = {} } = options;
    const file = await writeConfiguration({ directory: directory.path, settings, certificates }, account);
    const data = join(directory.path, 'data');
    await mkdir(data, { mode: 0o700 });
    await giveTo(account, data);
    const password = randomBytes(18).toString('base64url');
    await createSystemTables(home, program, file, password);
    let { child, port } = await start(home, program, file);

    async function stop(): Promise<void> {
      await end(child);
      directory.owns(undefined);
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
        ({ child } = await start(home, program, file, port));
      },
      async kill() {
        await endServer(child, 'SIGKILL');
        directory.owns(undefined);
      },
      stop,
      [Symbol.asyncDispose]: stop,
    };
  } catch (error) {
    await directory.remove();
    throw error;
  }
}

function start(home: ServerHome, program: string, file: string, port?: number) {
  return startServer(
    {
      name: 'MariaDB',
      home,
      launchOn: (chosen) => launch(home, program, [`--defaults-file=${file}`, `--port=${chosen}`]),
      isReady: (_child, log) => log.includes(': ready for connections'),
      portIsTaken: 'Bind on TCP/IP port',
    },
    port,
  );
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
