import { neverStop, type Row, type SourceMessage, type State, silentLog, type Value } from 'c8connector';
import { catalogWith } from './catalog-with.ts';
import type { SqlBackend } from './sql-backend.ts';

/** The result of one read of a table. */
export interface ReadTable {
  /** Without the columns of the log. A deleted row has only its key, and `deleted`. */
  readonly rows: readonly Readonly<Record<string, Value>>[];
  readonly messages: readonly SourceMessage[];
  readonly state: State | undefined;
}

/** The metadata of the catalog by which the method is chosen. */
type Method = Readonly<Record<string, string>>;

export const byCopy: Method = { 'replication-method': 'FULL_TABLE' };
export const byLog: Method = { 'replication-method': 'LOG_BASED' };
export const byKey = (key: string): Method => ({ 'replication-method': 'INCREMENTAL', 'replication-key': key });

/** Reads a table as the source's program would, from a state on; the log to its end. */
export async function readTable(
  { connector: Connector, config, streamOf }: SqlBackend,
  table: string,
  method: Method,
  state?: State,
): Promise<ReadTable> {
  const catalog = catalogWith(streamOf(table), method);
  const request = { config: await config(), catalog, state, exact: 'number', until: 'now', log: silentLog } as const;
  const messages: SourceMessage[] = [];
  for await (const message of new Connector().read({ ...request, signal: neverStop().graceful }))
    messages.push(message);
  const rows = messages.flatMap((message) => (message.type === 'RECORDS' ? message.rows().map(plainRow) : []));
  return { rows, messages, state: messages.findLast((message) => message.type === 'STATE')?.value ?? state };
}

function plainRow(row: Row): Readonly<Record<string, Value>> {
  const own = Object.entries(row).filter(([name]) => !name.startsWith('_sdc_'));
  const isDeleted = typeof row._sdc_deleted_at === 'string';
  return { ...Object.fromEntries(own), ...(isDeleted && { deleted: true }) };
}
