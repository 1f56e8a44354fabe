import { type Catalog, type Log, neverStop, type Row, type State, silentLog } from 'c8connector';
import { MysqlSource } from '../c8_source_mysql/index.ts';
import { type Login, rawConfigOf } from './harness.ts';

/** The result of one run of the program for one stream. */
export interface ProgramRun {
  readonly rows: readonly Row[];
  /** Each with the number of rows before it. */
  readonly states: readonly { readonly state: State; readonly rowsBefore: number }[];
  /** The last one. */
  readonly state: State | undefined;
  readonly logged: readonly string[];
}

export interface RunOptions {
  readonly config?: Record<string, unknown>;
  readonly state?: State | undefined;
  /** The stream's metadata in the catalog. */
  readonly metadata?: Record<string, unknown>;
}

/** A catalog that selects one stream, with this metadata. */
export function catalogWith(stream: string, said: Record<string, unknown>): Catalog {
  const schema = { type: 'object', properties: {} };
  const metadata = [{ breadcrumb: [], metadata: { ...said, selected: true } }];
  return { streams: [{ tap_stream_id: stream, stream, schema, metadata }] };
}

/** Runs the source as its program would, with a state after each page. */
async function runProgram(login: Login, stream: string, options: RunOptions = {}): Promise<ProgramRun> {
  const { config = {}, state, metadata = {} } = options;
  const rawConfig = rawConfigOf(login, config);
  const catalog = catalogWith(stream, metadata);
  const logged: string[] = [];
  const note = (message: string): void => void logged.push(message);
  const log: Log = { ...silentLog, info: note, warn: note };
  const rows: Row[] = [];
  const states: { state: State; rowsBefore: number }[] = [];
  const request = { config: rawConfig, catalog, state, exact: 'number', statePerPage: true, log } as const;
  for await (const message of new MysqlSource().read({ ...request, signal: neverStop().graceful })) {
    if (message.type === 'RECORDS') rows.push(...message.rows());
    if (message.type === 'STATE') states.push({ state: message.value, rowsBefore: rows.length });
  }
  return { rows, states, state: states.at(-1)?.state, logged };
}

/** All rows of a table. */
export async function runFull(login: Login, table: string, options: RunOptions = {}): Promise<ProgramRun> {
  return await runProgram(login, streamIn(login, table), options);
}

/** Reads a table by a replication key. */
export async function runIncrement(
  login: Login,
  table: string,
  key: string,
  options: RunOptions = {},
): Promise<ProgramRun> {
  const metadata = { 'replication-method': 'INCREMENTAL', 'replication-key': key };
  return await runProgram(login, streamIn(login, table), { ...options, metadata });
}

/** The id of the stream of a table in the test database. */
export function streamIn({ database }: Login, table: string): string {
  return `${database}-${table}`;
}

/** The replication key's value in a state. */
export function keyIn(state: State | undefined, stream: string): unknown {
  const bookmarks = (state?.bookmarks ?? {}) as Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  return bookmarks[stream]?.replication_key_value;
}

export function idsOf(rows: readonly Row[]): readonly unknown[] {
  return rows.map(({ id }) => id);
}
