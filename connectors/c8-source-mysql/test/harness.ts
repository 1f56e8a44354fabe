import { randomBytes } from 'node:crypto';
import { Batch, type Exactness, type Log, parseConfig, type ReadContext, type Row, silentLog } from 'c8connector';
import mysql from 'mysql2/promise';
import { missingMariaDb, missingMySql } from 'test-services';
import { describe, inject, test } from 'vitest';
import type { MysqlConfig } from '../c8_source_mysql/config.ts';
import { readTable } from '../c8_source_mysql/copy.ts';
import { discover, type MysqlStream } from '../c8_source_mysql/discover.ts';
import { MysqlSource } from '../c8_source_mysql/index.ts';
import { type ConnectionPool, connectionPool } from '../c8_source_mysql/pool.ts';

export type ServerName = 'MariaDB' | 'MySQL';

/** The login to a test database. */
export interface Login {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

const missing: Readonly<Record<ServerName, string | undefined>> = { MariaDB: missingMariaDb(), MySQL: missingMySql() };

/** Defines the same tests for both servers; one that is not installed is skipped with the reason. */
export function describeServers(title: string, define: (server: ServerName) => void): void {
  for (const server of ['MariaDB', 'MySQL'] as const) describeServer(server, title, () => define(server));
}

/** Defines tests for one of the servers. */
export function describeServer(server: ServerName, title: string, define: () => void): void {
  describe(`${title} (${server})`, () => {
    const why = missing[server];
    if (why === undefined) define();
    else test('is started for tests', ({ skip }) => skip(why));
  });
}

/** The login to the server that all test files share. */
export function sharedServer(server: ServerName): Login {
  const login = inject('mysqlServers')[server];
  if (login === undefined) throw new Error(`${server} is not installed`);
  return login;
}

/**
 * Creates a database in which the statements were executed, in a session without sql_mode. Users belong to the whole server: their names must be unique to one test file.
 */
export async function createDatabase(server: Login, statements: readonly string[] = []): Promise<Login> {
  const database = `test_${randomBytes(6).toString('hex')}`;
  await using admin = await connectTo(server);
  await admin.query(`create database ${database} character set utf8mb4`);
  const login = { ...server, database };
  await using client = await connectTo(login);
  await client.query(`set sql_mode = ''`);
  for (const statement of statements) await client.query(statement);
  return login;
}

/** The raw config of a connection to a test database. */
export function rawConfigOf(login: Login, more: Record<string, unknown> = {}): Record<string, unknown> {
  return { ...login, ssl_mode: 'disable', ...more };
}

export function configOf(login: Login, more: Record<string, unknown> = {}): MysqlConfig {
  return parseConfig(new MysqlSource().config, rawConfigOf(login, more)).config as unknown as MysqlConfig;
}

export async function connectTo({ host, port, user, password, database }: Login) {
  const client = await mysql.createConnection({
    ...{ host, port, user, password, database },
    dateStrings: true,
    supportBigNumbers: true,
  });
  return {
    query: async (sql: string, values?: unknown[]) => (await client.query(sql, values))[0],
    [Symbol.asyncDispose]: () => client.end(),
  };
}

/** Executes statements one after another on one connection. */
export async function execute(login: Login, ...statements: readonly string[]): Promise<void> {
  await using client = await connectTo(login);
  for (const statement of statements) await client.query(statement);
}

export async function discoverAll(
  config: MysqlConfig,
  log: Log = silentLog,
  resource: ConnectionPool = poolOfNone(config),
): Promise<readonly MysqlStream[]> {
  return await discover({ config, resource, signal: new AbortController().signal, log });
}

/** A log that keeps its warnings. */
export function recordingLog(): Log & { readonly warnings: string[] } {
  const warnings: string[] = [];
  return { ...silentLog, warn: (message) => warnings.push(message), warnings };
}

type Context = ReadContext<MysqlConfig, ConnectionPool>;

type Options = Partial<Pick<Context, 'columns' | 'limit' | 'log' | 'milliseconds' | 'resource' | 'signal'>> & {
  exact?: Exactness;
};

export function contextOf(stream: MysqlStream, config: MysqlConfig, options: Options = {}): Context {
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
function poolOfNone(config: MysqlConfig): ConnectionPool {
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
    [Symbol.asyncDispose]: () => pool[Symbol.asyncDispose](),
  };
}

/** The lines of a stream, each without its line break. */
export async function linesOf(stream: MysqlStream, config: MysqlConfig, options: Options = {}): Promise<string[]> {
  let text = '';
  for await (const page of readTable(stream, contextOf(stream, config, options))) {
    if ('lines' in page) text += Buffer.from(page.lines).toString();
  }
  return text === '' ? [] : text.trimEnd().split('\n');
}

/** The values of each row of a stream, read as lines and as typed arrays. */
export async function rowsOfBoth(
  stream: MysqlStream,
  config: MysqlConfig,
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

/** The lines of the stream of a table. */
export async function readLines(config: MysqlConfig, table: string, options: Options = {}): Promise<string[]> {
  await using resource = connectionPool(config);
  const stream = (await discoverAll(config, silentLog, resource)).find(({ tableName }) => tableName === table);
  if (stream === undefined) throw new Error(`the table ${table} was not discovered`);
  return await linesOf(stream, config, { resource, ...options });
}

/** How many connections of the source a server has to a test database's user; tests that count have a user of their own. */
export async function connectionsOfUser(login: Login, user: string): Promise<number> {
  return (await threadsOf(login)).filter((thread) => thread.user === user).length;
}

/** A thread of a server. */
interface ServerThread {
  readonly id: number;
  readonly user: string;
  readonly database: string | null;
  readonly command: string;
  /** '' when it runs none. */
  readonly statement: string;
}

/** The threads of a server that a user may see, without those that ask for them. */
export async function threadsOf(login: Login): Promise<readonly ServerThread[]> {
  await using client = await connectTo(login);
  // Not the table of information_schema: MySQL cannot fill it while a statement of any test has a character such as an emoji.
  const query = 'show full processlist';
  const rows = (await client.query(query)) as unknown as readonly Record<string, unknown>[];
  return rows
    .map(({ Id, User, db, Command, Info }) => ({
      id: Number(Id),
      user: String(User),
      database: db === null ? null : String(db),
      command: String(Command),
      statement: String(Info ?? ''),
    }))
    .filter(({ statement }) => statement !== query);
}
