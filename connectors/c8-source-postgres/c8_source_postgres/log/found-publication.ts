import type { Client } from 'pg';
import { ownQuery } from '../own-query.ts';

/** The current settings of a publication. */
export interface FoundPublication {
  readonly oid: string;
  /** The transaction that last changed its settings. Adding or dropping tables does not count. */
  readonly altered: string;
  /** It publishes inserts, updates, deletes and truncates. */
  readonly isComplete: boolean;
  /** It publishes the changes of partitions under the name of the partitioned table. */
  readonly isByRoot: boolean;
}

/** What a publication publishes of a table. */
interface PublishedTable {
  /** The oid of the table's entry in the publication, or of its schema's; null in a publication FOR ALL TABLES. */
  readonly entry: string | null;
  /** The row filter; null when all rows are published. */
  readonly filter: string | null;
  /** Columns that are not in the column list. */
  readonly missing: readonly string[];
  /** Generated columns that are not published. */
  readonly generated: readonly string[];
}

/** The tables whose changes are published under their own names, by oid. */
export type PublishedTables = ReadonlyMap<string, PublishedTable>;

const publicationQuery = `
select p.oid::text, p.xmin::text as altered, p.pubinsert and p.pubupdate and p.pubdelete and p.pubtruncate as "isComplete", p.pubviaroot as "isByRoot"
from pg_catalog.pg_publication p where p.pubname = $1`;

/** The publication of this name, undefined if there is none. One query. */
export async function findPublication(client: Client, name: string): Promise<FoundPublication | undefined> {
  const [row] = await ownQuery<FoundPublication>(client, publicationQuery, [name]);
  return row;
}

/** The entry of each table, or of its schema. */
const entriesQuery = `
select c.oid::text, coalesce(e.oid::text, ($2::jsonb) ->> n.oid::text) as entry
from pg_catalog.pg_publication_tables t
join pg_catalog.pg_namespace n on n.nspname = t.schemaname
join pg_catalog.pg_class c on c.relnamespace = n.oid and c.relname = t.tablename
join pg_catalog.pg_publication p on p.pubname = t.pubname
left join pg_catalog.pg_publication_rel e on e.prpubid = p.oid and e.prrelid = c.oid
where t.pubname = $1`;

/** The entries of all tables in the publication of this name, by the oid of the table. */
export async function publishedEntries(client: Client, name: string): Promise<ReadonlyMap<string, string | null>> {
  const schemas = JSON.stringify(await schemaEntries(client, name));
  const rows = await ownQuery<{ oid: string; entry: string | null }>(client, entriesQuery, [name, schemas]);
  return new Map(rows.map(({ oid, entry }) => [oid, entry]));
}

/** Reads row filters and column lists only where the server has them, from PostgreSQL 15 on. */
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

/** Those of these tables that are in the publication of this name. */
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
