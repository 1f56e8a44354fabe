import { randomBytes } from 'node:crypto';
import { Batch, type Exactness, type Log, parseConfig, type ReadContext, type Row, silentLog } from 'c8connector';
import pg from 'pg';
import { inject } from 'vitest';
import type { PostgresConfig } from '../c8_source_postgres/config.ts';
import { readTable } from '../c8_source_postgres/copy.ts';
import { discover, type PostgresStream } from '../c8_source_postgres/discover.ts';
import { PostgresSource } from '../c8_source_postgres/index.ts';
import { type ConnectionPool, connectionPool } from '../c8_source_postgres/pool.ts';

/** The login to a test database. */
export interface Login {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

/**
 * Creates a database in which the SQL was run, on a server; by default, the one that all test files share. Roles belong to the whole server: their names must be unique
 * to one test file.
 */
export async function createDatabase(sql = '', server: Login = inject('postgres')): Promise<Login> {
  const database = `test_${randomBytes(6).toString('hex')}`;
  await using admin = await connectTo(server);
  await admin.query(`create database ${database}`);
  const { host, port, user, password } = server;
  const login = { host, port, user, password, database };
  await using client = await connectTo(login);
  await client.query(sql);
  return login;
}

/** The raw config of a connection to a test database. */
export function rawConfigOf(login: Login, more: Record<string, unknown> = {}): Record<string, unknown> {
  const { host, port, user, password, database } = login;
  return { host, port, user, password, dbname: database, ...more };
}

export function configOf(login: Login, more: Record<string, unknown> = {}): PostgresConfig {
  return parseConfig(new PostgresSource().config, rawConfigOf(login, more)).config as unknown as PostgresConfig;
}

export async function connectTo({ host, port, user, password, database }: Login) {
  const client = new pg.Client({ host, port, user, password, database });
  await client.connect();
  return {
    query: (sql: string, values?: unknown[]) => client.query(sql, values),
    [Symbol.asyncDispose]: () => client.end(),
  };
}

/** The number of connections that the source has to the database. */
export async function connectionsOfSource(login: Login): Promise<number> {
  await using client = await connectTo(login);
  const { rows } = await client.query(
    `select count(*)::int as count from pg_stat_activity where application_name = 'c8-source-postgres' and datname = current_database()`,
  );
  return rows[0].count;
}

export async function discoverAll(
  config: PostgresConfig,
  log: Log = silentLog,
  resource: ConnectionPool = poolOfNone(config),
): Promise<readonly PostgresStream[]> {
  return await discover({ config, resource, signal: new AbortController().signal, log });
}

/** A log that keeps its warnings. */
export function recordingLog(): Log & { readonly warnings: string[] } {
  const warnings: string[] = [];
  return { ...silentLog, warn: (message) => warnings.push(message), warnings };
}

type Context = ReadContext<PostgresConfig, ConnectionPool>;

type Options = Partial<Pick<Context, 'columns' | 'limit' | 'log' | 'milliseconds' | 'resource' | 'signal'>> & {
  exact?: Exactness;
};

export function contextOf(stream: PostgresStream, config: PostgresConfig, options: Options = {}): Context {
  return {
    config,
    resource: poolOfNone(config),
    method: 'FULL_TABLE',
    columns: Object.keys(stream.schema.properties),
    schema: stream.schema,
    exact: 'number',
    signal: new AbortController().signal,
    log: silentLog,
    ...options,
  };
}

/** A pool that closes returned connections, so that a test which reads one stream has nothing to dispose of. */
function poolOfNone(config: PostgresConfig): ConnectionPool {
  const pool = connectionPool(config);
  return {
    async lend(signal, isolation) {
      const connection = await pool.lend(signal, isolation);
      return {
        ...connection,
        async giveBack() {
          await connection.giveBack();
          await pool[Symbol.asyncDispose]();
        },
      };
    },
    sessions: pool.sessions,
    [Symbol.asyncDispose]: () => pool[Symbol.asyncDispose](),
  };
}

/** The lines of a stream, each without its line break. */
export async function linesOf(
  stream: PostgresStream,
  config: PostgresConfig,
  options: Options = {},
): Promise<string[]> {
  let text = '';
  for await (const page of readTable(stream, contextOf(stream, config, options))) {
    if ('lines' in page) text += Buffer.from(page.lines).toString();
  }
  return text === '' ? [] : text.trimEnd().split('\n');
}

/** The values of each row of a stream, read as lines and as typed arrays. */
export async function rowsOfBoth(
  stream: PostgresStream,
  config: PostgresConfig,
): Promise<{ readonly fromLines: readonly Row[]; readonly fromColumns: readonly Row[] }> {
  const { schema, id } = stream;
  const header = { stream: id, schema, extractedAt: '', exact: 'number' } as const;
  const rowsOf = async (face: 'lines' | 'columns'): Promise<readonly Row[]> => {
    const rows: Row[] = [];
    for await (const page of readTable(stream, { ...contextOf(stream, config), face })) {
      if ('lines' in page) rows.push(...Batch.ofLines(header, page.lines, page.count).rows());
      if ('columns' in page) rows.push(...Batch.ofColumns(header, page.columns, page.count).rows());
    }
    return rows;
  };
  return { fromLines: await rowsOf('lines'), fromColumns: await rowsOf('columns') };
}

/** The lines of the stream with this id. */
export async function readLines(config: PostgresConfig, id: string, options: Options = {}): Promise<string[]> {
  await using resource = connectionPool(config);
  const stream = (await discoverAll(config, silentLog, resource)).find((each) => each.id === id);
  if (stream === undefined) throw new Error(`there is no stream ${id}`);
  return await linesOf(stream, config, { resource, ...options });
}
