import { isDeepStrictEqual } from 'node:util';
import { DataError, isC8Error, type LoggedStream, type LogReadContext } from 'c8connector';
import type { Anomalies, AnomalyReport } from 'c8connector-sql';
import type { MysqlConfig } from '../config.ts';
import type { MysqlStream } from '../discover.ts';
import type { ConnectionPool } from '../pool.ts';
import type { LogTableMap } from './binlog/events.ts';
import type { LogPages } from './log-pages.ts';
import { type LogTable, logTable, type TableSettings } from './log-table.ts';
import { lostStream } from './lost-position.ts';
import { positionOf } from './position.ts';
import { persist } from './refuse-without-log.ts';
import type { ServerLog } from './server-log.ts';
import { type CatalogTable, catalogTable, isNamed, mismatchOf, tableColumns } from './table-columns.ts';

/** Describes the tables of the log to its reader. */
export interface Described {
  provide(stream: string, map: LogTableMap, pages: LogPages): Promise<void>;
  /** Remembers that a table was altered here. */
  alter(stream: string): void;
  /** What a position records about the columns of a table. */
  layoutOf(stream: string): string | undefined;
}

/** The layout of a table that was altered since its position was first made: it may be altered back. */
const alteredLayout = 'altered';

type Context = Pick<LogReadContext<MysqlConfig, ConnectionPool>, 'config' | 'resource' | 'exact' | 'signal'> & {
  readonly server: Pick<ServerLog, 'flavour' | 'settings'>;
};

/** Remembers the schema with which each stream was last described, at first the discovered one. */
export function describedTables(
  streams: readonly LoggedStream<MysqlStream>[],
  reports: ReadonlyMap<string, AnomalyReport>,
  context: Context,
): Described {
  const { config, resource, signal } = context;
  const byId = new Map(streams.map((logged) => [logged.stream.id, logged]));
  const schemas = new Map(streams.map(({ stream }) => [stream.id, stream.schema]));
  const layouts = new Map(streams.map(({ stream, bookmark }) => [stream.id, positionOf(bookmark)?.layout]));
  const settings: TableSettings = {
    ...context,
    memory: [],
    anomaliesOf: (stream, column) => anomaliesOf(reports, stream, column),
  };

  async function catalogOf(stream: MysqlStream): Promise<CatalogTable> {
    await using connection = await resource.lend(signal, 'statement');
    const found = await connection.awaiting(catalogTable(connection, stream, config));
    await connection.giveBack();
    return found;
  }

  /** Without names in the log, values are only those of the columns of the catalog if nothing was altered since. */
  function refuseOtherLayout(
    { stream, bookmark }: LoggedStream<MysqlStream>,
    map: LogTableMap,
    now: CatalogTable,
  ): void {
    if (isNamed(map)) return;
    const position = positionOf(bookmark);
    const layout = layouts.get(stream.id);
    const isAltered = layout !== undefined && layout !== now.layout;
    const reason = isAltered ? 'the table was altered' : mismatchOf(map, now);
    if (reason === undefined) return;
    throw lostStream(
      stream.id,
      position ?? { file: '', pos: 0 },
      {
        reason: `${reason}, and the log does not name its columns (binlog_row_metadata is not FULL)`,
        remedy: `${persist('binlog_row_metadata', 'FULL', context.server.settings)} From then on the log names its columns.`,
      },
      config,
    );
  }

  return {
    async provide(id, map, pages) {
      const logged = byId.get(id);
      if (logged === undefined) return;
      const now = await catalogOf(logged.stream);
      refuseOtherLayout(logged, map, now);
      const table = tableOf(logged, map, now, settings);
      pages.describe(map, table, !isDeepStrictEqual(layout(schemas.get(id)), layout(table.schema)));
      schemas.set(id, table.schema);
    },
    alter: (stream) => void layouts.set(stream, alteredLayout),
    layoutOf: (stream) => layouts.get(stream),
  };
}

function tableOf(
  logged: LoggedStream<MysqlStream>,
  map: LogTableMap,
  now: CatalogTable,
  settings: TableSettings,
): LogTable {
  const stream = logged.stream.id;
  try {
    return logTable(logged, map, tableColumns(map, now, settings.config), settings);
  } catch (error) {
    // Only this stream cannot be decoded.
    if (!(error instanceof DataError) || !isC8Error(error) || error.details.stream !== undefined) throw error;
    const { code, message, remedy } = error;
    throw new DataError(message, { code, ...(remedy !== undefined && { remedy }), cause: error, details: { stream } });
  }
}

/** A schema whose columns are compared in their order. */
function layout(schema: MysqlStream['schema'] | undefined): unknown {
  return schema && { ...schema, properties: Object.entries(schema.properties) };
}

function anomaliesOf(reports: ReadonlyMap<string, AnomalyReport>, stream: string, column: string): Anomalies {
  const report = reports.get(stream);
  if (report === undefined) throw new Error(`the stream ${stream} is not read`);
  return report.of(column);
}
