import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';
import pg from 'pg';
import { type PostgresServer, type S3Server, startPostgres, startS3 } from 'test-services';

const program = fileURLToPath(new URL('../../bin/c8connector-cli.js', import.meta.url));

interface Ended {
  /** Exit code, or the name of the signal. */
  readonly code: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

/** Both servers, a folder for files, and the real program between them. */
export interface MainJob extends AsyncDisposable {
  readonly postgres: PostgresServer;
  readonly s3: S3Server;
  readonly folder: string;
  readonly bucket: string;
  query(sql: string): Promise<pg.QueryResult>;
  /** Writes a connection file for a database and a bucket, and gives its path. */
  connection(name: string, changes?: { source?: object; target?: object; streams?: unknown }): Promise<string>;
  start(...args: string[]): Started;
  /** The same with variables in its environment. */
  startWith(environment: Readonly<Record<string, string>>, ...args: string[]): Started;
  /** Copies the objects of the bucket whose keys these are, or begin with this prefix, to files, and gives SQL that reads them all. */
  parquet(wanted: string | readonly string[]): Promise<string>;
  /** The same for objects of either format: of JSON lines with the columns `id` and `text`. */
  rows(keys: readonly string[]): Promise<string>;
  /** Keys of all objects of the bucket that hold rows. */
  keys(): readonly string[];
  duckdb(sql: string): Promise<Record<string, unknown>[]>;
}

export async function startMainJob(): Promise<MainJob> {
  const postgres = await startPostgres();
  const s3 = await startS3();
  const folder = await mkdtemp(join(tmpdir(), 'main-job-'));
  const dbname = await postgres.createDatabase();
  const bucket = s3.createBucket();
  const { host, port, user, password } = postgres;
  const client = new pg.Client({ host, port, user, password, database: dbname });
  await client.connect();
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
  const duckdb = await instance.connect();
  await duckdb.run("SET TimeZone = 'UTC'");

  const copies = async (keys: readonly string[]): Promise<string> => {
    const files = await Promise.all(
      keys.map(async (key) => {
        const file = join(folder, key.replaceAll('/', '__'));
        await writeFile(file, await s3.read(bucket, key));
        return `'${file}'`;
      }),
    );
    return `[${files.join(', ')}]`;
  };

  return {
    postgres,
    s3,
    folder,
    bucket,
    query: (sql) => client.query(sql),
    async connection(name, changes = {}) {
      const path = join(folder, name);
      const config = { host, port, user, password, dbname, ...changes.source };
      const target = {
        bucket,
        region: s3.region,
        endpoint: s3.endpoint,
        force_path_style: true,
        access_key: s3.accessKey,
        secret_access_key: s3.secretAccessKey,
        ...changes.target,
      };
      const whole = {
        source: { connector: 'c8-source-postgres', config },
        target: { connector: 'c8-target-s3', config: target },
        ...(changes.streams === undefined ? {} : { streams: changes.streams }),
      };
      await writeFile(path, JSON.stringify(whole));
      return path;
    },
    start: (...args) => start({}, args),
    startWith: (environment, ...args) => start(environment, args),
    keys: () => keysOf(s3, bucket),
    async parquet(wanted) {
      const found = typeof wanted === 'string' ? keysOf(s3, bucket).filter((key) => key.startsWith(wanted)) : wanted;
      return `read_parquet(${await copies(found)})`;
    },
    async rows(keys) {
      if (keys.every((key) => key.endsWith('.parquet'))) return `read_parquet(${await copies(keys)})`;
      const columns = `{ id: 'BIGINT', text: 'VARCHAR' }`;
      const format = `format = 'newline_delimited', maximum_object_size = 100000000`;
      return `read_json(${await copies(keys)}, columns = ${columns}, ${format})`;
    },
    duckdb: async (sql) => (await duckdb.runAndReadAll(sql)).getRowObjectsJson() as Record<string, unknown>[],
    async [Symbol.asyncDispose]() {
      duckdb.closeSync();
      await client.end();
      await s3.stop();
      await postgres.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function start(environment: Readonly<Record<string, string>>, args: readonly string[]): Started {
  const env = { ...process.env, ...environment };
  const child = spawn(process.execPath, [program, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  return { child, ended: end(child) };
}

function keysOf(s3: S3Server, bucket: string): readonly string[] {
  const keys = s3.objects(bucket).map(({ key }) => key);
  return keys.filter((key) => !/(^|\/)_c8\//.test(key));
}

async function end(child: ChildProcess): Promise<Ended> {
  const texts = { stdout: '', stderr: '' };
  child.stdout?.on('data', (chunk) => {
    texts.stdout += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    texts.stderr += chunk;
  });
  const [status, signal] = await once(child, 'close');
  return { code: status ?? signal, ...texts };
}

export async function readJson(path: string): Promise<unknown> {
  return JSON.parse(await readFile(path, 'utf8'));
}
