import type { TableFilter } from 'c8connector-sql';
import type { Client } from 'pg';
import { findMoneyScale } from './money-scale.ts';
import { type Order, orderOf } from './order.ts';
import { ownQuery } from './own-query.ts';
import {
  type AnnouncedType,
  announcedType,
  moneyOid,
  type PostgresType,
  resolveType,
  type ServerTypes,
  type TypeRow,
} from './types.ts';

/** A table, view or the like that the role may read. */
export interface Relation {
  readonly oid: string;
  readonly schema: string;
  readonly name: string;
  /** Letter of pg_class: r table, v view, m materialized view, f foreign table, p partitioned table. */
  readonly kind: string;
  /** Rows at the last ANALYZE; -1 when there was none. */
  readonly estimate: number;
  /** The oids of the partitioned tables that it is a part of, and of the tables that it inherits from: a SELECT from them returns its rows too. */
  readonly ancestors: readonly string[];
  /** Whether other tables inherit from it, so that a SELECT from it returns their rows too. False for partitioned tables, whose keys are unique across all partitions. */
  readonly hasChildren: boolean;
  /** Whether it is a materialized view that was never filled, or WITH NO DATA, which cannot be read. */
  readonly isUnpopulated: boolean;
  /** Letter of pg_class: p kept in the log, u unlogged. */
  readonly persistence: string;
  /** Whether it is a partitioned table with an unlogged or foreign partition, whose rows are not in the log. */
  readonly hasUnloggedParts: boolean;
  /** Whether the log identifies changed and deleted rows: by the primary key, or by another REPLICA IDENTITY. */
  readonly hasIdentity: boolean;
  /** Whether it is a view of an extension, which shows the server's own state; some of them cannot be read. */
  readonly isExtensionView: boolean;
}

/** A column that the role may read. */
export interface Column {
  readonly name: string;
  readonly type: PostgresType;
  readonly isNullable: boolean;
  /** The server's name of the type, without length or precision; a user-defined type has its schema. */
  readonly typeName: string;
  /** The collation of its texts, as schema.name; '' for a type without one. */
  readonly collation: string;
  /** How its values are compared; undefined for a type without an order. */
  readonly order: Order | undefined;
  /** How the result of a query describes it, to detect a later change. */
  readonly announced: AnnouncedType;
}

/** Relations that are readable, or that match the filter but are not readable. All system schemas, including temporary ones, begin with pg_. */
const relationQuery = `
select c.oid::text, n.nspname as schema, c.relname as name, c.relkind::text as kind, c.reltuples::float8 as estimate,
  array(
    with recursive above(oid) as (
      select i.inhparent from pg_catalog.pg_inherits i where i.inhrelid = c.oid and not i.inhdetachpending
      union
      select i.inhparent from above a join pg_catalog.pg_inherits i on i.inhrelid = a.oid and not i.inhdetachpending
    )
    select a.oid::text from above a
  ) as ancestors,
  c.relkind <> 'p' and exists (select from pg_catalog.pg_inherits i where i.inhparent = c.oid) as "hasChildren",
  not c.relispopulated as "isUnpopulated",
  c.relpersistence::text as persistence,
  c.relkind = 'p' and exists (
    select from pg_catalog.pg_partition_tree(c.oid) t join pg_catalog.pg_class w on w.oid = t.relid where w.relpersistence <> 'p' or w.relkind = 'f'
  ) as "hasUnloggedParts",
  c.relreplident = 'f' or exists (
    select from pg_catalog.pg_index i
    where i.indrelid = c.oid and i.indisvalid and case c.relreplident when 'd' then i.indisprimary when 'i' then i.indisreplident else false end
  ) as "hasIdentity",
  c.relkind = 'v' and exists (
    select from pg_catalog.pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.objsubid = 0 and d.deptype = 'e'
  ) as "isExtensionView",
  has_schema_privilege(n.oid, 'USAGE') and has_any_column_privilege(c.oid, 'SELECT') as readable
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'v', 'm', 'f', 'p')
  and n.nspname <> 'information_schema' and left(n.nspname, 3) <> 'pg_'
  and ($1::text[] is null or n.nspname = any($1))
  and ($2::text[] is null or c.relname = any($2) or n.nspname || '.' || c.relname = any($2))
  and ($3::text[] is null or n.nspname || '-' || c.relname = any($3))
order by n.nspname, c.relname`;

/** The matching relations: those that the role may read, separate from the others. One query. */
export async function findRelations(
  client: Client,
  filter: TableFilter,
): Promise<{ readable: Relation[]; unreadable: Relation[] }> {
  const values = [filter.schemas ?? null, filter.tables ?? null, filter.ids ?? null];
  const rows = await ownQuery<Relation & { readable: boolean | null }>(client, relationQuery, values);
  const relations = rows.filter(({ readable }) => readable !== null);
  return {
    readable: relations.filter(({ readable }) => readable),
    unreadable: relations.filter(({ readable }) => !readable),
  };
}

/**
 * A NOT NULL constraint that is NOT VALID (PostgreSQL 18) guarantees nothing, nor does one of a foreign table. One that is missing in children or partitions does not
 * hold for a SELECT from the parent.
 */
const columnQuery = `
with recursive part(whole, oid) as (
  select r.oid, r.oid from unnest($1::oid[]) r(oid)
  union
  select p.whole, i.inhrelid from part p join pg_catalog.pg_inherits i on i.inhparent = p.oid
), nullable(whole, name) as (
  select p.whole, a.attname
  from part p
  join pg_catalog.pg_class c on c.oid = p.oid
  join pg_catalog.pg_attribute a on a.attrelid = p.oid and a.attnum > 0 and not a.attisdropped
  where not a.attnotnull or c.relkind = 'f' or exists (
    select from pg_catalog.pg_constraint k
    where k.conrelid = a.attrelid and k.contype = 'n' and not k.convalidated and k.conkey = array[a.attnum]
  )
)
select a.attrelid::text as relation, a.attname as name, a.atttypid::text as type, a.atttypmod as modifier, a.attndims::int as dimensions,
  format_type(a.atttypid, null) as "typeName",
  coalesce(cn.nspname || '.' || co.collname, '') as collation,
  n.name is not null as "isNullable"
from pg_catalog.pg_attribute a
left join pg_catalog.pg_collation co on co.oid = a.attcollation
left join pg_catalog.pg_namespace cn on cn.oid = co.collnamespace
left join (select distinct whole, name from nullable) n on n.whole = a.attrelid and n.name = a.attname
where a.attrelid = any($1::oid[]) and a.attnum > 0 and not a.attisdropped and has_column_privilege(a.attrelid, a.attnum, 'SELECT')
order by a.attrelid, a.attnum`;

/**
 * The requested types, with everything that they consist of, their extension and the operators of their order. An array type counts only if its element type refers to it as its array. A type without
 * an order of its own, such as varchar, has that of the type to which its values can be cast without conversion.
 */
const typeQuery = `
with recursive found(oid) as (
  select unnest($1::oid[])
  union
  select unnest(array[t.typbasetype, t.typelem]) from pg_catalog.pg_type t join found f on f.oid = t.oid
)
select t.oid::text, t.typname as name, format('%I.%I', tn.nspname, t.typname) as "quotedName", array(
    select format('operator(%I.%s)', n.nspname, o.oprname)
    from pg_catalog.pg_amop m
    join pg_catalog.pg_operator o on o.oid = m.amopopr
    join pg_catalog.pg_namespace n on n.oid = o.oprnamespace
    where m.amopfamily = c.opcfamily and m.amoplefttype = c.opcintype and m.amoprighttype = c.opcintype
    order by m.amopstrategy
  ) as operators, (
    select x.extname from pg_catalog.pg_depend d join pg_catalog.pg_extension x on x.oid = d.refobjid
    where d.classid = 'pg_catalog.pg_type'::regclass and d.objid = t.oid and d.deptype = 'e'
      and d.refclassid = 'pg_catalog.pg_extension'::regclass
  ) as extension,
  case when t.typtype = 'd' then t.typbasetype::text end as base, t.typtypmod as modifier, t.typndims as dimensions,
  e.oid::text as element, e.typdelim::text as delimiter
from found f
join pg_catalog.pg_type t on t.oid = f.oid
join pg_catalog.pg_namespace tn on tn.oid = t.typnamespace
left join lateral (
  select c.opcfamily, c.opcintype
  from pg_catalog.pg_opclass c
  join pg_catalog.pg_am a on a.oid = c.opcmethod and a.amname = 'btree'
  join pg_catalog.pg_type i on i.oid = c.opcintype
  where c.opcdefault and (
    c.opcintype in (t.oid, case t.typtype when 'e' then 'anyenum'::regtype when 'r' then 'anyrange'::regtype when 'm' then 'anymultirange'::regtype end)
    or exists (
      select from pg_catalog.pg_cast k
      where k.castsource = t.oid and k.casttarget = c.opcintype and k.castmethod = 'b' and k.castcontext = 'i'
    )
  )
  order by c.opcintype = t.oid desc, i.typispreferred desc, c.oid
  limit 1
) c on true
left join pg_catalog.pg_type e on e.oid = t.typelem and e.typarray = t.oid`;

interface ColumnRow {
  readonly relation: string;
  readonly name: string;
  readonly type: string;
  readonly modifier: number;
  readonly dimensions: number;
  readonly typeName: string;
  readonly collation: string;
  readonly isNullable: boolean;
}

/** The columns that the role may read, by the oid of their relation, in their order. Two queries, and a few more when a column has the type money. */
export async function findColumns(
  client: Client,
  relations: readonly Relation[],
): Promise<ReadonlyMap<string, Column[]>> {
  const rows = await ownQuery<ColumnRow>(client, columnQuery, [relations.map(({ oid }) => oid)]);
  const types = await findTypes(client, [...new Set(rows.map(({ type }) => type))]);
  const columns = new Map<string, Column[]>(relations.map(({ oid }) => [oid, []]));
  for (const { relation, name, type, modifier, dimensions, typeName, collation, isNullable } of rows) {
    columns.get(relation)?.push({
      name,
      type: resolveType(types, type, modifier, dimensions),
      typeName,
      collation,
      isNullable,
      order: orderOf(types, type),
      announced: announcedType(types, type, modifier),
    });
  }
  return columns;
}

/** The server's description of some types, by their oids. One query, and a few more when money is among them. */
export async function findTypes(client: Client, oids: readonly string[]): Promise<ServerTypes> {
  const rows = await ownQuery<TypeRow>(client, typeQuery, [oids]);
  const byOid = new Map(rows.map((row) => [row.oid, row]));
  return { rows: byOid, moneyScale: byOid.has(moneyOid) ? await findMoneyScale(client) : 0 };
}

/** Unique indexes over plain columns that cover all rows and are not deferrable, the best first: the primary key, then those with the fewest columns. */
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

/** The key of each relation by its oid: the first unique index whose columns are all readable and NOT NULL. One query. */
export async function findKeys(
  client: Client,
  columns: ReadonlyMap<string, readonly Column[]>,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const rows = await ownQuery<{ relation: string; columns: string[] }>(client, keyQuery, [[...columns.keys()]]);
  const keys = new Map<string, readonly string[]>();
  for (const { relation, columns: names } of rows) {
    const certain = new Set(columns.get(relation)?.flatMap(({ name, isNullable }) => (isNullable ? [] : [name])));
    if (!keys.has(relation) && names.length > 0 && names.every((name) => certain.has(name))) keys.set(relation, names);
  }
  return keys;
}
