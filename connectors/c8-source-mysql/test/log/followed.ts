import { type Catalog, type Exactness, type Log, type SourceMessage, type State, silentLog } from 'c8connector';
import { MysqlSource } from '../../c8_source_mysql/index.ts';
import { type Login, rawConfigOf } from '../harness.ts';

/** How tables are followed by a Singer program. */
export interface FollowRequest {
  /** Names of tables of the database. */
  readonly tables: readonly string[];
  /** The catalog of an earlier read; discovered if omitted. */
  readonly catalog?: Catalog;
  /** Where an earlier read ended; the tables are copied if omitted. */
  readonly state?: State;
  readonly config?: Readonly<Record<string, unknown>>;
  readonly exact?: Exactness;
  readonly until?: 'now' | 'forever';
  readonly statePerPage?: boolean;
  /** Deselected columns, as `table.column`. */
  readonly deselected?: readonly string[];
  readonly signal?: AbortSignal;
  readonly log?: Log;
  readonly onMessage?: (message: SourceMessage) => Promise<void> | void;
}

/** The result of a read. */
export interface Followed {
  readonly catalog: Catalog;
  readonly messages: readonly SourceMessage[];
  /** The last STATE, or where the read began. */
  readonly state: State;
  /** The lines of a table, without `_sdc_sequence` at their end. */
  lines(table: string): readonly string[];
}

/** Reads the log of these tables, and first copies those that were not copied yet. */
export async function follow(login: Login, request: FollowRequest): Promise<Followed> {
  const { tables, config, deselected = [], onMessage, ...rest } = request;
  const source = new MysqlSource();
  const rawConfig = rawConfigOf(login, config);
  const catalog = request.catalog ?? selected(await source.discover(rawConfig), tables, deselected);
  const messages: SourceMessage[] = [];
  const options = { exact: 'number', signal: new AbortController().signal, log: silentLog, ...rest } as const;
  let state: State = request.state ?? {};
  for await (const message of source.read({ ...options, config: rawConfig, catalog })) {
    messages.push(message);
    if (message.type === 'STATE') state = message.value;
    await onMessage?.(message);
  }
  return { catalog, messages, state, lines: (table) => linesOf(messages, `${login.database}-${table}`) };
}

/** The lines of a stream among messages, without `_sdc_sequence` at their end. */
export function linesOf(messages: readonly SourceMessage[], stream: string): readonly string[] {
  return messages.flatMap((message) => {
    if (message.type !== 'RECORDS' || message.stream !== stream) return [];
    const lines = Buffer.from(message.lines()).toString().trimEnd().split('\n');
    return lines.map((line) => line.replace(/,"_sdc_sequence":\d+\}$/, '}'));
  });
}

function selected({ streams }: Catalog, tables: readonly string[], deselected: readonly string[]): Catalog {
  return {
    streams: streams
      .filter(({ table_name }) => tables.includes(String(table_name)))
      .map((entry) => ({
        ...entry,
        metadata: entry.metadata.map(({ breadcrumb, metadata }) =>
          breadcrumb.length === 0
            ? { breadcrumb, metadata: { ...metadata, selected: true, 'replication-method': 'LOG_BASED' } }
            : {
                breadcrumb,
                metadata: {
                  ...metadata,
                  ...(deselected.includes(`${entry.table_name}.${breadcrumb[1]}`) && { selected: false }),
                },
              },
        ),
      })),
  };
}
