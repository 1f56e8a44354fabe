import type { PostgresConfig } from '../config.ts';

/** What the server keeps for a connection: both names are of the database, and the slot is of the whole server. */
export interface LogNames {
  readonly slot: string;
  readonly publication: string;
}

/** The most characters of a name. */
const longestName = 63;
/** How many characters of the connection's id are used: enough to distinguish two connections. */
const idLength = 12;

/**
 * The names of slot and publication. Without a config a slot belongs to the database and the connection; a Singer program knows no connection, so its slot belongs to
 * the database.
 */
export function logNames(
  { replication_slot, publication, dbname }: Pick<PostgresConfig, 'replication_slot' | 'publication' | 'dbname'>,
  connection: string | undefined,
): LogNames {
  const id = connection?.replaceAll('-', '').slice(0, idLength).toLowerCase();
  const tail = id === undefined ? '' : `_${id}`;
  // A slot takes lower case letters, digits and underscores.
  const database = dbname.toLowerCase().replace(/[^a-z0-9_]/g, '_');
  const own = `c8_${database.slice(0, longestName - 3 - tail.length)}${tail}`;
  const slot = replication_slot ?? own;
  return { slot, publication: publication ?? slot };
}

/** A name in double quotes, for a statement. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
