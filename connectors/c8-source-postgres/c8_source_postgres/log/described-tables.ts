import { isDeepStrictEqual } from 'node:util';
import type { LoggedStream, LogReadContext } from 'c8connector';
import type { Anomalies, AnomalyReport } from 'c8connector-sql';
import type { PostgresConfig } from '../config.ts';
import type { PostgresStream } from '../discover.ts';
import type { ConnectionPool } from '../pool.ts';
import type { LogReader, Needed } from './log-reader.ts';
import { type LogTable, logTable, type TableSettings } from './log-table.ts';
import type { Relation } from './pgoutput.ts';
import { type TableColumn, tableColumns } from './table-columns.ts';

/** Describes the tables of the log to its reader. */
export interface Described {
  provide(needed: Needed, reader: LogReader): Promise<void>;
  /** Warns, once per stream, that a row with a new key lacks large values. */
  warnOfCut(stream: string): void;
}

type Context = Pick<
  LogReadContext<PostgresConfig, ConnectionPool>,
  'config' | 'resource' | 'exact' | 'signal' | 'log'
> & {
  readonly hasNoEncoding: boolean;
};

/** Remembers the schema with which each stream was last described, at first the discovered one. */
export function describedTables(
  streams: readonly LoggedStream<PostgresStream>[],
  reports: ReadonlyMap<string, AnomalyReport>,
  context: Context,
): Described {
  const { resource, signal, log } = context;
  const byOid = new Map(streams.map((logged) => [logged.stream.oid, logged]));
  const schemas = new Map(streams.map(({ stream }) => [stream.id, stream.schema]));
  const warned = new Set<string>();
  const settings: TableSettings = {
    ...context,
    memory: [],
    anomaliesOf: (stream, column) => anomaliesOf(reports, stream, column),
  };

  async function columnsOf(stream: PostgresStream, relation: Relation): Promise<readonly TableColumn[]> {
    await using connection = await resource.lend(signal, 'read committed');
    const columns = await connection.awaiting(tableColumns(connection.client, stream, relation));
    await connection.giveBack();
    return columns;
  }

  function describe(
    logged: LoggedStream<PostgresStream>,
    columns: readonly TableColumn[],
    reader: LogReader,
  ): LogTable {
    const { id, oid } = logged.stream;
    const table = logTable(logged, columns, settings);
    reader.describe(oid, table, !isDeepStrictEqual(layout(schemas.get(id)), layout(table.schema)));
    schemas.set(id, table.schema);
    return table;
  }

  return {
    async provide(needed, reader) {
      const oid = 'relation' in needed ? needed.relation.oid : needed.oid;
      const logged = byOid.get(oid);
      if (logged === undefined) return;
      if ('relation' in needed) {
        const columns = await columnsOf(logged.stream, needed.relation);
        describe(logged, columns, reader);
        warnOfGenerated(logged.stream, columns);
        return;
      }
      const { table, nullable } = needed;
      describe(
        logged,
        table.columns.map((column) => (column.name === nullable ? { ...column, isNullable: true } : column)),
        reader,
      );
    },
    warnOfCut(stream) {
      if (warned.has(stream)) return;
      warned.add(stream);
      log.warn(
        `${stream}: a row whose key changed lacks large values that did not change, since the log does not contain them; with REPLICA IDENTITY FULL on the table, it would`,
        { stream },
      );
    },
  };

  /** The server may leave generated columns out of the log, and then rows differ from those of the copy. */
  function warnOfGenerated({ id, columns: discovered }: PostgresStream, columns: readonly TableColumn[]): void {
    const names = new Set(columns.map(({ name }) => name));
    const missing = discovered.filter(({ name }) => !names.has(name)).map(({ name }) => name);
    if (missing.length === 0 || warned.has(`columns of ${id}`)) return;
    warned.add(`columns of ${id}`);
    log.warn(
      `${id}: the log does not contain the columns ${missing.join(', ')} at this point: they were added later, or they are generated and not published (which needs PostgreSQL 18 and publish_generated_columns)`,
      {
        stream: id,
      },
    );
  }
}

/** A schema whose columns are compared in their order. */
function layout(schema: PostgresStream['schema'] | undefined): unknown {
  return schema && { ...schema, properties: Object.entries(schema.properties) };
}

function anomaliesOf(reports: ReadonlyMap<string, AnomalyReport>, stream: string, column: string): Anomalies {
  const report = reports.get(stream);
  if (report === undefined) throw new Error(`the stream ${stream} is not read`);
  return report.of(column);
}
