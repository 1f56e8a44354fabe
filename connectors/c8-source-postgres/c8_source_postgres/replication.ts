import type { ReplicationMethod, Stream } from 'c8connector';
import type { Column, Relation } from './catalog.ts';
import type { PostgresConfig } from './config.ts';

type Replication = NonNullable<Stream['replication']>;

/** The settings that decide how a table can be read. */
type Settings = Pick<PostgresConfig, 'replication_method' | 'out_of_range_dates' | 'special_numbers'>;

/** What decides how a table can be read, beside its columns. */
interface Around {
  readonly config: Settings;
  /** The database has the encoding SQL_ASCII. */
  readonly hasNoEncoding: boolean;
  /** Row-level security hides rows of it from the role, or could. */
  readonly isPoliced: boolean;
}

/** In which ways a table or view with these columns can be read, the one of the config first; and why not in others. */
export function replicationOf(
  relation: Relation,
  columns: readonly Column[],
  { config, hasNoEncoding, isPoliced }: Around,
): Replication {
  const keys = columns.filter((column) => canBeKey(column, config, hasNoEncoding));
  const offered: ReplicationMethod[] = ['FULL_TABLE', ...(keys.length > 0 ? (['INCREMENTAL'] as const) : [])];
  const preferred = offered.filter((method) => method === config.replication_method);
  const obstacle = logObstacle(relation, isPoliced);
  const reasons = {
    ...(keys.length === 0 && { INCREMENTAL: 'it has no column whose values have an order' }),
    ...(obstacle !== undefined && { LOG_BASED: obstacle }),
  };
  return {
    methods: [...preferred, ...offered.filter((method) => !preferred.includes(method))],
    ...(keys.length > 0 && {
      keys: keys.map(({ name }) => name),
      isSorted: true,
      // Values of other types are compared by their JSON.
      ordered: keys.filter(({ type: { kind } }) => texts.includes(kind)).map(({ name }) => name),
    }),
    ...(Object.keys(reasons).length > 0 && { reasons }),
  };
}

/** Why the changes of a relation cannot be read from the server's log; undefined when they can. */
function logObstacle({ kind, isLogged, hasIdentity, hasChildren }: Relation, isPoliced: boolean): string | undefined {
  if (kind === 'v' || kind === 'm') return 'a view has no log';
  if (kind === 'f') return 'the log of a foreign table is that of its own server';
  if (!isLogged) return 'the table is UNLOGGED';
  if (hasChildren) return 'other tables inherit from it, and its log does not have their rows';
  if (isPoliced) return 'row-level security hides rows of it, and the log knows no policies';
  if (!hasIdentity)
    return 'it has no primary key, and no other REPLICA IDENTITY says which row was changed (ALTER TABLE … REPLICA IDENTITY FULL)';
  return undefined;
}

const moments = ['date', 'timestamp', 'timestamptz'];
const texts = ['string', 'time'];

/** The value of a key comes back from its JSON, so that must stand for one value of the server, and the server must have an order for it. */
function canBeKey({ type: { kind }, order }: Column, config: Settings, hasNoEncoding: boolean): boolean {
  if (order === undefined) return false;
  // Infinity, as a text among others, would be a bookmark that nothing is newer than.
  if (kind === 'numeric' || kind === 'float') return config.special_numbers !== 'text';
  if (moments.includes(kind)) return config.out_of_range_dates !== 'text';
  // Nobody knows which bytes a text of JSON stands for in such a database.
  if (kind === 'string') return !hasNoEncoding;
  return kind === 'integer' || kind === 'time';
}
