import type { Client } from 'pg';
import type { PostgresStream } from './discover.ts';
import { ownQuery } from './own-query.ts';

/** How much there is of a table with all its partitions, or of what inherits from it. */
export interface RelationSize {
  /** Of 8 kB, unless the server was built otherwise. */
  readonly blocks: number;
  /** Of the largest part. */
  readonly largest: number;
  /** Whether all parts keep their rows as PostgreSQL itself does, in blocks by which they can be read. */
  readonly isHeap: boolean;
  /**
   * How far the rows lie in the order of the first column of the key, from -1 to 1, as ANALYZE found it, by the size of the parts; null when it is not known.
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

/** One query. Parts whose statistics the role may not see count as if they were in no order. */
export async function relationSize(client: Client, { oid, keyProperties = [] }: PostgresStream): Promise<RelationSize> {
  const [row] = await ownQuery<RelationSize & Record<string, unknown>>(client, sizeQuery, [
    oid,
    keyProperties[0] ?? '',
  ]);
  return row ?? { blocks: 0, largest: 0, isHeap: false, correlation: null };
}

/** Blocks of a table that is read in any order at once: 64 MB. */
const fewBlocks = 8192;
const highCorrelation = 0.9;

/**
 * Whether the rows lie about in the order of the key, or are few: then it costs little more to read them by it. In a large table whose rows lie elsewhere, as with random UUIDs, each row would be
 * looked up by itself.
 */
export async function isInKeyOrder(client: Client, stream: PostgresStream): Promise<boolean> {
  const { blocks, correlation } = await relationSize(client, stream);
  return blocks <= fewBlocks || (correlation ?? 0) >= highCorrelation;
}
