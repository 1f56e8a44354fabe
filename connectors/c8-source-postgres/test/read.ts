import { type Exactness, type Log, parseConfig, type ReadContext, silentLog } from 'c8connector';
import pg from 'pg';
import type { PostgresServer } from 'test-services';
import type { PostgresConfig } from '../c8_source_postgres/config.ts';
import { readTable } from '../c8_source_postgres/copy.ts';
import { discover, type PostgresStream } from '../c8_source_postgres/discover.ts';
import { PostgresSource } from '../c8_source_postgres/index.ts';

/** The raw config of a connection to a server of the tests. */
export function integrationOf(server: PostgresServer, more: Record<string, unknown> = {}): Record<string, unknown> {
  const { host, port, user, password, database } = server;
  return { host, port, user, password, dbname: database, ...more };
}

export function configOf(server: PostgresServer, more: Record<string, unknown> = {}): PostgresConfig {
  return parseConfig(new PostgresSource().config, integrationOf(server, more)).config as unknown as PostgresConfig;
}

export async function connectTo(server: PostgresServer, database: string = server.database) {
  const { host, port, user, password } = server;
  const client = new pg.Client({ host, port, user, password, database });
  await client.connect();
  return {
    query: (sql: string, values?: unknown[]) => client.query(sql, values),
    [Symbol.asyncDispose]: () => client.end(),
  };
}

export function discoverAll(config: PostgresConfig, log: Log = silentLog): Promise<readonly PostgresStream[]> {
  return discover({ config, signal: new AbortController().signal, log });
}

/** A log that keeps its warnings. */
export function recordingLog(): Log & { readonly warnings: string[] } {
  const warnings: string[] = [];
  return { ...silentLog, warn: (message) => warnings.push(message), warnings };
}

type Options = Partial<Pick<ReadContext<PostgresConfig>, 'columns' | 'limit' | 'log' | 'milliseconds' | 'signal'>> & {
  exact?: Exactness;
};

export function contextOf(
  stream: PostgresStream,
  config: PostgresConfig,
  options: Options = {},
): ReadContext<PostgresConfig> {
  return {
    config,
    columns: Object.keys(stream.schema.properties),
    schema: stream.schema,
    exact: 'number',
    signal: new AbortController().signal,
    log: silentLog,
    ...options,
  };
}

/** The lines of a stream by its id, each without its line break. */
export async function readLines(config: PostgresConfig, id: string, options: Options = {}): Promise<string[]> {
  const stream = (await discoverAll(config)).find((each) => each.id === id);
  if (stream === undefined) throw new Error(`there is no stream ${id}`);
  let text = '';
  for await (const page of readTable(stream, contextOf(stream, config, options))) {
    if ('lines' in page) text += Buffer.from(page.lines).toString();
  }
  return text === '' ? [] : text.trimEnd().split('\n');
}
