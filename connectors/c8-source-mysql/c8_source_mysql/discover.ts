import type { DiscoverContext, Log, Stream } from 'c8connector';
import { listed, refuseAmbiguous, streamId, type TableFilter, unknownNames } from 'c8connector-sql';
import { findCascades, logsCascades } from './cascades.ts';
import { type Column, findColumns, findKeys, findTables, type Table } from './catalog.ts';
import type { MysqlConfig } from './config.ts';
import { translateError } from './errors.ts';
import { filterOf, filterProperties } from './filter.ts';
import type { ConnectionPool } from './pool.ts';
import { replicationOf } from './replication.ts';
import { streamSchema } from './schema.ts';

/** A table or view with what its copy needs. */
export interface MysqlStream extends Stream {
  /** The name of its database. */
  readonly schemaName: string;
  readonly tableName: string;
  readonly isView: boolean;
  readonly columns: readonly Column[];
}

/**
 * Everything that the user may read and the filters allow. A few queries, and one for each table on a server that does not log what foreign keys change.
 *
 * @throws {ConfigError} `stream_ambiguous` when two tables have the same id.
 */
export async function discover(context: DiscoverContext<MysqlConfig, ConnectionPool>): Promise<readonly MysqlStream[]> {
  const { config, resource, only, signal, log } = context;
  await using connection = await resource.lend(signal, 'statement');
  const { client, awaiting } = connection;
  try {
    const filter = filterOf(config);
    const tables = await awaiting(findTables(client, { ...filter, ids: only }));
    if (only === undefined) warnOfUnknownNames(filter, tables, log);
    refuseAmbiguous(tables);
    const columns = await awaiting(findColumns(connection, tables, config));
    const readable = tables.filter((table) => columns.get(table)?.length !== 0);
    warnOfInvalidViews(tables, readable, log);
    const keys = await awaiting(findKeys(client, columns));
    const isLogged = await awaiting(logsCascades(connection));
    const cascades = isLogged ? new Set<Table>() : await awaiting(findCascades(client, readable));
    await connection.giveBack();
    return readable.map((table) => {
      const replication = replicationOf(table, columns.get(table) ?? [], config, { hasCascades: cascades.has(table) });
      return { ...streamOf(table, columns.get(table) ?? [], keys.get(table) ?? [], config), replication };
    });
  } catch (error) {
    throw translateError(error, config);
  }
}

function warnOfUnknownNames(filter: TableFilter, tables: readonly Table[], log: Log): void {
  const unknown = unknownNames(filter, tables, filterProperties);
  if (unknown.length > 0) log.warn(`no table that the user may read matches the filter: ${unknown.join(', ')}`);
  if (tables.length === 0) log.warn('no tables were discovered');
}

/** The server lists an invalid view without columns, and a table without those that the user may not read. */
function warnOfInvalidViews(tables: readonly Table[], readable: readonly Table[], log: Log): void {
  const invalid = tables.filter((table) => table.isView && !readable.includes(table));
  if (invalid.length > 0) log.warn(`views without readable columns are left out: ${listed(invalid)}`);
}

function streamOf(
  table: Table,
  columns: readonly Column[],
  keyProperties: readonly string[],
  config: MysqlConfig,
): MysqlStream {
  const { schema, name, isView, estimate } = table;
  return {
    id: streamId(table),
    schema: streamSchema(columns, config),
    keyProperties,
    tableName: name,
    schemaName: schema,
    databaseName: schema,
    isView,
    ...(estimate !== null && { rowCount: estimate }),
    columnTypes: Object.fromEntries(columns.map((column) => [column.name, column.typeName])),
    columns,
  };
}
