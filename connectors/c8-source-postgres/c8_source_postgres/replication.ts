import type { Stream } from 'c8connector';
import { replicationMethods } from 'c8connector-sql';
import type { Column, Relation } from './catalog.ts';
import type { PostgresConfig } from './config.ts';

/** The settings that decide how a table can be read. */
type Settings = Pick<PostgresConfig, 'replication_method' | 'out_of_range_dates' | 'special_numbers'>;

/** Facts that are not in the catalog. */
interface Circumstances {
  readonly hasNoEncoding: boolean;
  /** Whether row-level security may hide rows from the role. */
  readonly hasPolicies: boolean;
}

/** The replication methods of a table or view with these columns, that of the config first, and the reasons against others. */
export function replicationOf(
  relation: Relation,
  columns: readonly Column[],
  config: Settings,
  { hasNoEncoding, hasPolicies }: Circumstances,
): NonNullable<Stream['replication']> {
  const keys = columns.filter((column) => canBeKey(column, config, hasNoEncoding));
  const obstacle = logObstacle(relation, hasPolicies) ?? identityObstacle(relation);
  // Values of other types are compared in their JSON form.
  const ordered = keys.filter(({ type: { kind } }) => texts.includes(kind));
  return replicationMethods({
    preferred: config.replication_method,
    keys: keys.map(({ name }) => name),
    ordered: ordered.map(({ name }) => name),
    logObstacle: obstacle,
  });
}

/** Why the changes of a relation are not in the server's log; undefined when they are. */
export function logObstacle(
  {
    kind,
    persistence,
    hasChildren,
    hasUnloggedParts,
  }: Pick<Relation, 'kind' | 'persistence' | 'hasChildren' | 'hasUnloggedParts'>,
  hasPolicies: boolean,
): string | undefined {
  if (kind === 'v' || kind === 'm') return 'the changes of a view are not in the log';
  if (kind === 'f') return 'the changes of a foreign table are in the log of its own server';
  if (persistence === 'u') return 'the table is UNLOGGED';
  if (hasUnloggedParts)
    return 'a partition of it is UNLOGGED or a foreign table, and its rows would be missing in the log';
  if (hasChildren) return 'other tables inherit from it, and their rows would be missing in the log';
  if (hasPolicies) return 'row-level security may hide rows of it, and the log ignores policies';
  return undefined;
}

function identityObstacle({ hasIdentity }: Relation): string | undefined {
  if (hasIdentity) return undefined;
  return 'it has no primary key, and no REPLICA IDENTITY identifies its rows (ALTER TABLE … REPLICA IDENTITY FULL)';
}

const moments = ['date', 'timestamp', 'timestamptz'];
const texts = ['string', 'time'];

/** The value of a key is sent back from its JSON, which must therefore represent exactly one value of the server, and the server must have an order for it. */
function canBeKey({ type: { kind }, order }: Column, config: Settings, hasNoEncoding: boolean): boolean {
  if (order === undefined) return false;
  // Infinity as a text would be a bookmark that nothing is newer than.
  if (kind === 'numeric' || kind === 'float') return config.special_numbers !== 'text';
  if (moments.includes(kind)) return config.out_of_range_dates !== 'text';
  // In such a database it is unknown which bytes a text represents.
  if (kind === 'string') return !hasNoEncoding;
  return kind === 'integer' || kind === 'time';
}
