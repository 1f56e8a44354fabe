import type { Stream } from 'c8connector';
import { replicationMethods } from 'c8connector-sql';
import type { Column, Table } from './catalog.ts';
import type { MysqlConfig } from './config.ts';
import { isOrdered } from './order.ts';

/** The settings that decide how a table can be read. */
type Settings = Pick<MysqlConfig, 'replication_method' | 'out_of_range_dates'>;

/** Facts that are not in the catalog. */
interface Circumstances {
  /** Whether a foreign key changes rows of the table without a trace in the log: see `findCascades`. */
  readonly hasCascades: boolean;
}

/** The replication methods of a table or view with these columns, that of the config first, and the reasons against others. */
export function replicationOf(
  table: Table,
  columns: readonly Column[],
  config: Settings,
  { hasCascades }: Circumstances,
): NonNullable<Stream['replication']> {
  const keys = columns.filter((column) => canBeKey(column, config));
  const obstacle = logObstacle(table, hasCascades);
  // Values of other types are compared in their JSON form.
  const ordered = keys.filter(({ type: { kind } }) => texts.includes(kind));
  return replicationMethods({
    preferred: config.replication_method,
    keys: keys.map(({ name }) => name),
    ordered: ordered.map(({ name }) => name),
    logObstacle: obstacle,
  });
}

/** Engines whose changed rows the server writes to its log. Others have their rows elsewhere, or keep none. */
const loggedEngines = /^(?:InnoDB|MyISAM|Aria|MEMORY|ROCKSDB|ARCHIVE|CSV)$/i;

/** Why the changes of a table are not in the server's log; undefined when they are. */
function logObstacle(
  { schema, isView, engine, isVersioned }: Pick<Table, 'schema' | 'isView' | 'engine' | 'isVersioned'>,
  hasCascades: boolean,
): string | undefined {
  if (isView) return 'the changes of a view are not in the log';
  if (/^(?:mysql|sys|information_schema|performance_schema)$/i.test(schema))
    return 'it is a table of the server itself, whose changes are not in the log';
  if (engine === null || !loggedEngines.test(engine))
    return `the changes of a table with the engine ${engine ?? 'unknown'} are not in the log`;
  if (isVersioned) return 'it is system-versioned, and the log has its past rows as well';
  if (hasCascades)
    return 'a foreign key with CASCADE or SET NULL changes its rows, or might, since the user may read only some of its columns and does not see its foreign keys, and the server does not write such changes to its log (MySQL does from 9.6 on)';
  return undefined;
}

const moments = ['date', 'timestamp', 'timestamptz'];
const texts = ['string', 'time'];

/** The value of a key is sent back from its JSON, which must therefore represent exactly one value of the server, and the server must have an order for it. */
function canBeKey(column: Column, config: Settings): boolean {
  const { kind } = column.type;
  if (moments.includes(kind)) return config.out_of_range_dates !== 'text';
  return kind !== 'binary' && isOrdered(column);
}
