import type { DiscoverContext, Log, Stream } from 'c8connector';
import { refuseAmbiguous, streamId, type TableFilter, unknownNames } from 'c8connector-sql';
import { type Column, findColumns, findKeys, findRelations, type Relation } from './catalog.ts';
import type { PostgresConfig } from './config.ts';
import { translateError } from './errors.ts';
import { filterOf, filterProperties } from './filter.ts';
import { leaveOutColumns, leaveOutUnreadable } from './names.ts';
import type { ConnectionPool } from './pool.ts';
import { replicationOf } from './replication.ts';
import { findRowSecurity } from './row-security.ts';
import { streamSchema } from './schema.ts';

/** A table or view with what its copy needs. */
export interface PostgresStream extends Stream {
  /** Oid of the table, since another table may get its name. */
  readonly oid: string;
  readonly schemaName: string;
  readonly tableName: string;
  /** Letter of pg_class: r table, v view, m materialized view, f foreign table, p partitioned table. */
  readonly kind: string;
  readonly columns: readonly Column[];
  /** The tables whose row-level security may hide rows of this stream from the role, as schema.table. */
  readonly rowSecurity: readonly string[];
}

/**
 * Everything that the role may read and the filters allow. Five queries, however many tables there are.
 *
 * @throws {ConfigError} `stream_ambiguous` when two relations have the same id.
 */
export async function discover(
  context: DiscoverContext<PostgresConfig, ConnectionPool>,
): Promise<readonly PostgresStream[]> {
  const { config, resource, only, signal, log } = context;
  await using connection = await resource.lend(signal, 'repeatable read');
  const { client, server, awaiting } = connection;
  try {
    const filter = filterOf(config);
    const { readable: found } = await awaiting(findRelations(client, { ...filter, ids: only }));
    const readable = leaveOutUnreadable(found, server, log);
    if (only === undefined) warnOfUnknownNames(filter, readable, log);
    refuseAmbiguous(readable);
    const columns = leaveOutColumns(await awaiting(findColumns(client, readable)), readable, server, log);
    const keys = await awaiting(findKeys(client, columns));
    const oids = readable.map(({ oid }) => oid);
    const rowSecurity = await awaiting(findRowSecurity(client, oids));
    await connection.giveBack();
    const listed = new Set(readable.map(({ oid }) => oid));
    return readable.map((relation) => ({
      ...streamOf(relation, columns.get(relation.oid) ?? [], keyOf(relation, keys), config),
      rowSecurity: rowSecurity.tables.get(relation.oid) ?? [],
      replication: replicationOf(relation, columns.get(relation.oid) ?? [], config, {
        ...server,
        hasPolicies: rowSecurity.tables.has(relation.oid),
      }),
      ...(!isSelectedByDefault(relation, listed) && { isSelectedByDefault: false }),
    }));
  } catch (error) {
    throw translateError(error, config);
  }
}

function warnOfUnknownNames(filter: TableFilter, relations: readonly Relation[], log: Log): void {
  const unknown = unknownNames(filter, relations, filterProperties);
  if (unknown.length > 0) log.warn(`no table that the role may read matches the filter: ${unknown.join(', ')}`);
  if (relations.length === 0) log.warn('no tables were discovered');
}

/** The key, unless tables inherit from this one: its unique index does not cover their rows, which a SELECT returns too. */
function keyOf({ oid, hasChildren }: Relation, keys: ReadonlyMap<string, readonly string[]>): readonly string[] {
  return hasChildren ? [] : (keys.get(oid) ?? []);
}

/** False for a part of a listed table, since its rows are read with that table. */
function isSelectedByDefault({ ancestors, isExtensionView }: Relation, listed: ReadonlySet<string>): boolean {
  return !isExtensionView && !ancestors.some((oid) => listed.has(oid));
}

function streamOf(
  relation: Relation,
  columns: readonly Column[],
  keyProperties: readonly string[],
  config: PostgresConfig,
): Omit<PostgresStream, 'rowSecurity' | 'replication'> {
  const { schema, name, kind, estimate, hasChildren } = relation;
  // The server counts the rows of a table without those of its children.
  const isCounted = kind !== 'v' && kind !== 'f' && !hasChildren;
  return {
    id: streamId(relation),
    oid: relation.oid,
    schema: streamSchema(columns, config),
    keyProperties,
    tableName: name,
    schemaName: schema,
    kind,
    databaseName: config.dbname,
    isView: kind === 'v' || kind === 'm',
    ...(isCounted && estimate >= 0 && { rowCount: estimate }),
    columnTypes: Object.fromEntries(columns.map((column) => [column.name, column.typeName])),
    columns,
  };
}
