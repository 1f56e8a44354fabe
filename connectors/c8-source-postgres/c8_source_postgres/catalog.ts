import type { Client } from 'pg';
import { type AnnouncedType, announcedType, type PostgresType, resolveType, type TypeRow } from './types.ts';

/** A table, view or the like that the role may read. */
export interface Relation {
  readonly oid: string;
  readonly schema: string;
  readonly name: string;
  /** Letter of pg_class: r table, v view, m materialized view, f foreign table, p partitioned table. */
  readonly kind: string;
  /** Rows at the last ANALYZE; -1 when there was none. */
  readonly estimate: number;
  /** The oids of the partitioned tables that it is a part of. */
  readonly ancestors: readonly string[];
}

export interface Column {
  readonly name: string;
  readonly type: PostgresType;
  readonly isNullable: boolean;
  /** What the server calls the type, without length or precision. */
  readonly typeName: string;
  /** How a query announces it, to see later whether it is still the same. */
  readonly announced: AnnouncedType;
}

/** Which relations are wanted; what is undefined does not narrow. */
export interface RelationFilter {
  readonly schemas?: readonly string[] | undefined;
  /** Names, or names with their schema before a dot. */
  readonly tables?: readonly string[] | undefined;
  /** Stream ids: schema, hyphen, name. */
  readonly ids?: readonly string[] | undefined;
}

/** Readable, or matching the filter and not readable. Schemas of the server itself, temporary ones among them, all begin with pg_. */
const relationQuery = `
select c.oid::text, n.nspname as schema, c.relname as name, c.relkind::text as kind, c.reltuples::float8 as estimate,
  array(select a.relid::oid::text from pg_catalog.pg_partition_ancestors(c.oid) a where a.relid <> c.oid) as ancestors,
  has_schema_privilege(n.oid, 'USAGE') and has_any_column_privilege(c.oid, 'SELECT') as readable
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'v', 'm', 'f', 'p')
  and n.nspname <> 'information_schema' and left(n.nspname, 3) <> 'pg_'
  and ($1::text[] is null or n.nspname = any($1))
  and ($2::text[] is null or c.relname = any($2) or n.nspname || '.' || c.relname = any($2))
  and ($3::text[] is null or n.nspname || '-' || c.relname = any($3))
order by n.nspname, c.relname`;

/** The relations that match, those that the role may read apart from the others. One query. */
export async function findRelations(
  client: Client,
  filter: RelationFilter,
): Promise<{ readable: Relation[]; unreadable: Relation[] }> {
  const values = [filter.schemas ?? null, filter.tables ?? null, filter.ids ?? null];
  const { rows } = await client.query<Relation & { readable: boolean | null }>(relationQuery, values);
  const relations = rows.filter(({ readable }) => readable !== null);
  return {
    readable: relations.filter(({ readable }) => readable),
    unreadable: relations.filter(({ readable }) => !readable),
  };
}

/** A NOT NULL constraint that was never checked (PostgreSQL 18, NOT VALID) promises nothing. */
const columnQuery = `
select a.attrelid::text as relation, a.attname as name, a.atttypid::text as type, a.atttypmod as modifier, a.attndims::int as dimensions,
  format_type(a.atttypid, null) as "typeName",
  not a.attnotnull or exists (
    select from pg_catalog.pg_constraint k
    where k.conrelid = a.attrelid and k.contype = 'n' and not k.convalidated and k.conkey = array[a.attnum]
  ) as "isNullable"
from pg_catalog.pg_attribute a
where a.attrelid = any($1::oid[]) and a.attnum > 0 and not a.attisdropped and has_column_privilege(a.attrelid, a.attnum, 'SELECT')
order by a.attrelid, a.attnum`;

/** The types that were asked for, with all that they are made of. An array type is one that its element type knows as its array. */
const typeQuery = `
with recursive found(oid) as (
  select unnest($1::oid[])
  union
  select unnest(array[t.typbasetype, t.typelem]) from pg_catalog.pg_type t join found f on f.oid = t.oid
)
select t.oid::text, t.typname as name, t.typnamespace = 'pg_catalog'::regnamespace as "isBuiltIn",
  case when t.typtype = 'd' then t.typbasetype::text end as base, t.typtypmod as modifier, t.typndims as dimensions,
  e.oid::text as element, e.typdelim::text as delimiter
from found f
join pg_catalog.pg_type t on t.oid = f.oid
left join pg_catalog.pg_type e on e.oid = t.typelem and e.typarray = t.oid`;

interface ColumnRow {
  readonly relation: string;
  readonly name: string;
  readonly type: string;
  readonly modifier: number;
  readonly dimensions: number;
  readonly typeName: string;
  readonly isNullable: boolean;
}

/** The columns that the role may read, by the oid of their relation, in their order. Two queries. */
export async function findColumns(
  client: Client,
  relations: readonly Relation[],
): Promise<ReadonlyMap<string, Column[]>> {
  const { rows } = await client.query<ColumnRow>(columnQuery, [relations.map(({ oid }) => oid)]);
  const typeRows = await client.query<TypeRow>(typeQuery, [[...new Set(rows.map(({ type }) => type))]]);
  const types = new Map(typeRows.rows.map((row) => [row.oid, row]));
  const columns = new Map<string, Column[]>(relations.map(({ oid }) => [oid, []]));
  for (const { relation, name, type, modifier, dimensions, typeName, isNullable } of rows) {
    columns.get(relation)?.push({
      name,
      type: resolveType(types, type, modifier, dimensions),
      typeName,
      isNullable,
      announced: announcedType(types, type, modifier),
    });
  }
  return columns;
}

/** Unique indexes over plain columns that hold for all rows at any time, the best first: the primary key, then those of few columns. */
const keyQuery = `
select i.indrelid::text as relation, array(
  select a.attname::text
  from unnest(i.indkey) with ordinality k(attnum, position)
  join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
  where k.position <= i.indnkeyatts
  order by k.position
) as columns
from pg_catalog.pg_index i
where i.indrelid = any($1::oid[]) and i.indisunique and i.indisvalid and i.indpred is null and i.indexprs is null
  and (i.indisprimary or i.indimmediate)
order by i.indrelid, i.indisprimary desc, i.indnkeyatts, i.indexrelid`;

/** The key of each relation by its oid: the first unique index whose columns can all be read and never null. One query. */
export async function findKeys(
  client: Client,
  columns: ReadonlyMap<string, readonly Column[]>,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const { rows } = await client.query<{ relation: string; columns: string[] }>(keyQuery, [[...columns.keys()]]);
  const keys = new Map<string, readonly string[]>();
  for (const { relation, columns: names } of rows) {
    const certain = new Set(columns.get(relation)?.flatMap(({ name, isNullable }) => (isNullable ? [] : [name])));
    if (!keys.has(relation) && names.length > 0 && names.every((name) => certain.has(name))) keys.set(relation, names);
  }
  return keys;
}
