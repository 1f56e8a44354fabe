import type { Client } from 'pg';
import type { PostgresStream } from './discover.ts';
import { ownQuery } from './own-query.ts';

/** The size of a table with all its partitions or children. */
export interface RelationSize {
  /** Number of blocks, of 8 kB unless the server was built otherwise. */
  readonly blocks: number;
  /** Number of blocks of the largest part. */
  readonly largest: number;
  /** Whether all parts are stored by PostgreSQL's own heap, so that they can be read by blocks. */
  readonly isHeap: boolean;
  /**
   * Correlation between the physical order and the first column of the key, from -1 to 1, as ANALYZE found it, weighted by the size of the parts; null when it is not known.
   */
  readonly correlation: number | null;
}

const sizeQuery = `
with recursive part(oid) as (
  select $1::oid
  union
  select i.inhrelid from part p join pg_catalog.pg_inherits i on i.inhparent = p.oid
), sized as (
  select c.oid, n.nspname, c.relname, c.relkind in ('r', 'm') and a.amname = 'heap' as is_heap,
    pg_relation_size(c.oid) / current_setting('block_size')::int8 as blocks
  from part p
  join pg_catalog.pg_class c on c.oid = p.oid and c.relkind <> 'p'
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  left join pg_catalog.pg_am a on a.oid = c.relam
)
select coalesce(sum(s.blocks), 0)::float8 as blocks, coalesce(max(s.blocks), 0)::float8 as largest, coalesce(bool_and(s.is_heap), false) as "isHeap",
  sum(t.correlation * s.blocks) filter (where s.blocks > 0) / nullif(sum(s.blocks), 0) as correlation
from sized s
left join pg_catalog.pg_stats t
  on t.schemaname = s.nspname and t.tablename = s.relname and t.attname = $2 and not t.inherited`;

/** One query. Parts whose statistics the role may not see count as unordered. */
export async function relationSize(client: Client, { oid, keyProperties = [] }: PostgresStream): Promise<RelationSize> {
  const [row] = await ownQuery<RelationSize & Record<string, unknown>>(client, sizeQuery, [
    oid,
    keyProperties[0] ?? '',
  ]);
  return row ?? { blocks: 0, largest: 0, isHeap: false, correlation: null };
}

/** The most blocks of a table that is cheap to read in any order: 64 MB. */
const fewBlocks = 8192;
const highCorrelation = 0.9;

/**
 * Whether the rows are stored roughly in the order of the key, or are few, so that reading them in that order costs little more. In a large table in another order, as with random UUIDs, each row would
 * need a lookup of its own.
 */
export async function isInKeyOrder(client: Client, stream: PostgresStream): Promise<boolean> {
  const { blocks, correlation } = await relationSize(client, stream);
  return blocks <= fewBlocks || (correlation ?? 0) >= highCorrelation;
}
