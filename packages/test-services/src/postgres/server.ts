import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { giveTo, reachableBinaries, reachableTemporaryParent, serverAccount } from '../account.ts';
import { type Certificates, createCertificates } from '../certificates.ts';
import { createTemporaryDirectory } from '../temporary-directory.ts';
import { findBinaries, versionOf } from './binaries.ts';
import { writeConfiguration } from './configuration.ts';
import { initializeData, startPostgresServer, stopPostgresServer } from './process.ts';

export interface PostgresOptions {
  /** The folder of another installation than the one that npm brings: it has `bin/postgres`. PostgreSQL 14 to 18 are known to work. */
  readonly native?: string;
  /** Lines of postgresql.conf, such as `{ wal_level: 'minimal', max_wal_senders: '0' }`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Serves TLS with a certificate of an authority made for this server. Clients may still connect without: see `hba`. */
  readonly tls?: boolean;
  /** All lines of pg_hba.conf, such as `hostssl all all 127.0.0.1/32 cert`; without any, passwords are checked with SCRAM. */
  readonly hba?: readonly string[];
}

export interface PostgresServer extends AsyncDisposable {
  readonly host: '127.0.0.1';
  readonly port: number;
  readonly user: 'postgres';
  readonly password: string;
  readonly database: 'postgres';
  /** Present when `tls` was asked for. */
  readonly certificates?: Certificates;
  /** Creates an empty database and gives its name. */
  createDatabase(name?: string): Promise<string>;
  /** What the server has logged until now. */
  log(): Promise<string>;
  /** Ends all connections (SQLSTATE 57P01) and serves the same data on the same port again. */
  restart(): Promise<void>;
  /** Ends the server and removes its data; may be called again. */
  stop(): Promise<void>;
}

/**
 * Starts a PostgreSQL server of its own on 127.0.0.1, as `nobody` when this process is root. It ends and its data goes with
 * `stop`, with `await using`, or with this process, and does not keep this process alive.
 *
 * @throws {UnsupportedPlatform} when no PostgreSQL is installed for this machine.
 */
export async function startPostgres(
  options: PostgresOptions & { readonly tls: true },
): Promise<PostgresServer & { readonly certificates: Certificates }>;
export async function startPostgres(options?: PostgresOptions): Promise<PostgresServer>;
export async function startPostgres(options: PostgresOptions = {}): Promise<PostgresServer> {
  const installed = options.native ?? findBinaries();
  const account = serverAccount();
  const directory = await createTemporaryDirectory('test-postgres', await reachableTemporaryParent(account));
  try {
    await giveTo(account, directory.path);
    const native = await reachableBinaries(account, installed, directory.path);
    const data = join(directory.path, 'data');
    const version = await versionOf(native);
    const installation = { native, version, directory, data, logFile: join(directory.path, 'server.log'), account };
    const password = randomBytes(18).toString('base64url');
    const [certificates] = await Promise.all([
      options.tls ? createCertificates('postgres') : undefined,
      initializeData(installation, password),
    ]);
    const { settings = {}, hba = [] } = options;
    await writeConfiguration({ data, version, socketDirectory: directory.path, settings, hba, certificates }, account);
    let { child, port } = await startPostgresServer(installation);

    async function stop(): Promise<void> {
      await stopPostgresServer(child);
      directory.owns(undefined);
      await directory.remove();
    }
    return {
      host: '127.0.0.1',
      port,
      user: 'postgres',
      password,
      database: 'postgres',
      ...(certificates && { certificates: certificates.forClients }),
      async createDatabase(name = `test_${randomBytes(6).toString('hex')}`) {
        // The socket, which pg_hba.conf never shuts out.
        const host = process.platform === 'win32' ? '127.0.0.1' : directory.path;
        await createDatabase(name, { host, port, user: 'postgres', password, database: 'postgres' });
        return name;
      },
      log: () => readFile(installation.logFile, 'utf8'),
      async restart() {
        await stopPostgresServer(child);
        ({ child } = await startPostgresServer(installation, port));
      },
      stop,
      [Symbol.asyncDispose]: stop,
    };
  } catch (error) {
    await directory.remove();
    throw error;
  }
}

async function createDatabase(name: string, login: pg.ClientConfig): Promise<void> {
  const client = new pg.Client(login);
  await client.connect();
  try {
    await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
}
