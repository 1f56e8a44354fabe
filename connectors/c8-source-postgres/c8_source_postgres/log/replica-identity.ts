import { ConfigError } from 'c8connector';
import type { Client } from 'pg';
import type { PostgresStream } from '../discover.ts';
import { ownQuery } from '../own-query.ts';
import { quoted } from './names.ts';

/** What is needed of a stream. */
export type Identified = Pick<PostgresStream, 'id' | 'oid' | 'keyProperties'>;

/** A table whose log does not identify the row of an update or a delete. */
export interface WithoutIdentity {
  readonly stream: Identified;
  /** The table itself, or a partition of it, as schema.table in quotes. */
  readonly table: string;
  /** What identifies its rows does not have this column of the key; undefined when nothing does. */
  readonly column: string | undefined;
}

interface IdentityRow {
  readonly root: string;
  readonly schema: string;
  readonly name: string;
  readonly identity: string;
  readonly columns: readonly string[];
}

/** Of each table, or of the partitions that hold its rows: what identifies a row in the log. */
const identityQuery = `
with recursive part(root, oid) as (
  select r.oid, r.oid from pg_catalog.unnest($1::oid[]) r(oid)
  union
  select p.root, i.inhrelid from part p
  join pg_catalog.pg_class w on w.oid = p.oid and w.relkind = 'p'
  join pg_catalog.pg_inherits i on i.inhparent = p.oid
)
select p.root::text, n.nspname as schema, c.relname as name, c.relreplident::text as identity, array(
  select a.attname::text
  from pg_catalog.pg_index i
  join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum = any(i.indkey)
  where i.indrelid = c.oid and case c.relreplident when 'd' then i.indisprimary when 'i' then i.indisreplident else false end
) as columns
from part p
join pg_catalog.pg_class c on c.oid = p.oid and c.relkind = 'r'
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
order by 2, 3`;

/** The tables among the streams that lack it. One query. */
export async function findWithoutIdentity(
  client: Client,
  streams: readonly Identified[],
): Promise<readonly WithoutIdentity[]> {
  const byOid = new Map(streams.map((stream) => [stream.oid, stream]));
  const rows = await ownQuery<IdentityRow>(client, identityQuery, [[...byOid.keys()]]);
  return rows.flatMap(({ root, schema, name, identity, columns }) => {
    const stream = byOid.get(root);
    if (stream === undefined || identity === 'f') return [];
    const column = stream.keyProperties?.find((key) => !columns.includes(key));
    if (columns.length > 0 && column === undefined && (stream.keyProperties ?? []).length > 0) return [];
    return [{ stream, table: `${quoted(schema)}.${quoted(name)}`, column: columns.length > 0 ? column : undefined }];
  });
}

/** The fix for such a table. */
export function identityRemedy({ table }: WithoutIdentity): string {
  return `Run ALTER TABLE ${table} REPLICA IDENTITY FULL; or give the table a primary key, and REPLICA IDENTITY DEFAULT.`;
}

/**
 * Refuses tables without it before they are published: the server would refuse their updates and deletes from then on.
 *
 * @throws {ConfigError} `method_unsupported`.
 */
export async function refuseWithoutIdentity(client: Client, streams: readonly PostgresStream[]): Promise<void> {
  const [first] = await findWithoutIdentity(client, streams);
  if (first === undefined) return;
  const { stream, table, column } = first;
  const lack =
    column === undefined
      ? 'its rows cannot be identified in the log'
      : `its replica identity does not include the key column ${column}`;
  throw new ConfigError(`${stream.id} cannot be followed: ${lack} (${table}).`, {
    code: 'method_unsupported',
    remedy: identityRemedy(first),
    details: { stream: stream.id },
  });
}
