import type { Client } from 'pg';
import { ownQuery } from '../own-query.ts';

/** A publication as it is now. */
export interface FoundPublication {
  readonly oid: string;
  /** The transaction that changed its settings last; tables that come and go do not count. */
  readonly altered: string;
  /** It gives inserts, updates, deletes and truncates. */
  readonly isComplete: boolean;
  /** It gives the changes of partitions under the name of their table. */
  readonly isByRoot: boolean;
}

/** What a publication gives of a table. */
interface PublishedTable {
  /** The oid of its entry, or of that of its schema; null for one that it has with all others. */
  readonly entry: string | null;
  /** The condition of the rows that it gives; null when it gives all. */
  readonly filter: string | null;
  /** Columns that are not in its list of columns. */
  readonly missing: readonly string[];
  /** Generated columns, which it does not give. */
  readonly generated: readonly string[];
}

/** By oid: the tables whose changes a publication gives under their own names. */
export type PublishedTables = ReadonlyMap<string, PublishedTable>;

const publicationQuery = `
select p.oid::text, p.xmin::text as altered, p.pubinsert and p.pubupdate and p.pubdelete and p.pubtruncate as "isComplete", p.pubviaroot as "isByRoot"
from pg_catalog.pg_publication p where p.pubname = $1`;

/** Undefined when there is none of this name. One query. */
export async function findPublication(client: Client, name: string): Promise<FoundPublication | undefined> {
  const [row] = await ownQuery<FoundPublication>(client, publicationQuery, [name]);
  return row;
}

/** Of each table its entry, or that of its schema. */
const entriesQuery = `
select c.oid::text, coalesce(e.oid::text, ($2::jsonb) ->> n.oid::text) as entry
from pg_catalog.pg_publication_tables t
join pg_catalog.pg_namespace n on n.nspname = t.schemaname
join pg_catalog.pg_class c on c.relnamespace = n.oid and c.relname = t.tablename
join pg_catalog.pg_publication p on p.pubname = t.pubname
left join pg_catalog.pg_publication_rel e on e.prpubid = p.oid and e.prrelid = c.oid
where t.pubname = $1`;

/** The entries of all tables that the publication of this name gives now, by their oids. */
export async function publishedEntries(client: Client, name: string): Promise<ReadonlyMap<string, string | null>> {
  const schemas = JSON.stringify(await schemaEntries(client, name));
  const rows = await ownQuery<{ oid: string; entry: string | null }>(client, entriesQuery, [name, schemas]);
  return new Map(rows.map(({ oid, entry }) => [oid, entry]));
}

/** What servers before 15 do not have is looked at where it is there: filters and lists of columns. */
const partsQuery = `
select t.oid::text, t.given ->> 'rowfilter' as filter, m.missing, m.generated
from (
  select c.oid, pg_catalog.to_jsonb(g) as given
  from pg_catalog.pg_publication_tables g
  join pg_catalog.pg_namespace n on n.nspname = g.schemaname
  join pg_catalog.pg_class c on c.relnamespace = n.oid and c.relname = g.tablename
  where g.pubname = $1 and c.oid = any($2::oid[])
  offset 0
) t
cross join lateral (
  select coalesce(pg_catalog.array_agg(a.attname::text) filter (where a.attgenerated = ''), '{}') as missing,
    coalesce(pg_catalog.array_agg(a.attname::text) filter (where a.attgenerated <> ''), '{}') as generated
  from pg_catalog.pg_attribute a
  where a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
    and case when t.given -> 'attnames' is null then a.attgenerated <> '' else not (t.given -> 'attnames') ? a.attname::text end
) m`;

/** Those among these tables that the publication of this name gives now. */
export async function publishedTables(client: Client, name: string, oids: readonly string[]): Promise<PublishedTables> {
  const entries = await publishedEntries(client, name);
  const rows = await ownQuery<Omit<PublishedTable, 'entry'> & { oid: string }>(client, partsQuery, [name, oids]);
  return new Map(rows.map(({ oid, ...parts }) => [oid, { ...parts, entry: entries.get(oid) ?? null }]));
}

const schemasQuery = `
select s.pnnspid::text as schema, s.oid::text as entry from pg_catalog.pg_publication_namespace s
join pg_catalog.pg_publication p on p.oid = s.pnpubid where p.pubname = $1`;

async function schemaEntries(client: Client, name: string): Promise<Readonly<Record<string, string>>> {
  const text = `select pg_catalog.to_regclass('pg_catalog.pg_publication_namespace') is not null as "hasSchemas"`;
  const [server] = await ownQuery<{ hasSchemas: boolean }>(client, text);
  if (server?.hasSchemas !== true) return {};
  const rows = await ownQuery<{ schema: string; entry: string }>(client, schemasQuery, [name]);
  return Object.fromEntries(rows.map(({ schema, entry }) => [schema, entry]));
}
