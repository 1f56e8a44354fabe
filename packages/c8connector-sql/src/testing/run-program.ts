import { type Log, neverStop, type Row, type SourceConnector, type State, silentLog } from 'c8connector';
import { catalogWith } from './catalog-with.ts';

/** The result of one run of a source for one stream. */
export interface ProgramRun {
  readonly rows: readonly Row[];
  /** Each with the number of rows before it. */
  readonly states: readonly { readonly state: State; readonly rowsBefore: number }[];
  /** The last one. */
  readonly state: State | undefined;
  /** The messages of the log, without their details. */
  readonly logged: readonly string[];
}

/** What {@link runProgram} reads. */
export interface ProgramRequest {
  readonly source: SourceConnector;
  /** The raw config. */
  readonly config: Record<string, unknown>;
  readonly stream: string;
  readonly state?: State | undefined;
  /** The stream's metadata in the catalog. */
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** Runs a source as its program would, with a state after each page: from any of them another run can resume. */
export async function runProgram({
  source,
  config,
  stream,
  state,
  metadata = {},
}: ProgramRequest): Promise<ProgramRun> {
  const logged: string[] = [];
  const note = (message: string): void => void logged.push(message);
  const log: Log = { ...silentLog, info: note, warn: note };
  const rows: Row[] = [];
  const states: { state: State; rowsBefore: number }[] = [];
  const catalog = catalogWith(stream, metadata);
  const request = { config, catalog, state, exact: 'number', statePerPage: true, log } as const;
  for await (const message of source.read({ ...request, signal: neverStop().graceful })) {
    if (message.type === 'RECORDS') rows.push(...message.rows());
    if (message.type === 'STATE') states.push({ state: message.value, rowsBefore: rows.length });
  }
  return { rows, states, state: states.at(-1)?.state, logged };
}

/** The value of the replication key of a stream in a state. */
export function keyIn(state: State | undefined, stream: string): unknown {
  const bookmarks = (state?.bookmarks ?? {}) as Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  return bookmarks[stream]?.replication_key_value;
}

/** The values of the column `id`. */
export function idsOf(rows: readonly Row[]): readonly unknown[] {
  return rows.map(({ id }) => id);
}
