import { ConfigError, ConnectionError } from 'c8connector';
import type { Client } from 'pg';
import type { PostgresStream } from '../discover.ts';
import { ownQuery } from '../own-query.ts';
import { quoted } from './names.ts';
import type { Position } from './position.ts';
import { markText } from './publication-mark.ts';

/** A table, as far as it matters here. */
type Published = Pick<PostgresStream, 'schemaName' | 'tableName'>;

interface PublicationRow {
  readonly isComplete: boolean;
  readonly isByRoot: boolean;
}

const publicationQuery = `
select p.pubinsert and p.pubupdate and p.pubdelete and p.pubtruncate as "isComplete", p.pubviaroot as "isByRoot"
from pg_catalog.pg_publication p where p.pubname = $1`;

const tablesQuery = `
select c.oid::text, e.oid::text as entry from pg_catalog.pg_publication_tables t
join pg_catalog.pg_namespace n on n.nspname = t.schemaname
join pg_catalog.pg_class c on c.relnamespace = n.oid and c.relname = t.tablename
join pg_catalog.pg_publication p on p.pubname = t.pubname
left join pg_catalog.pg_publication_rel e on e.prpubid = p.oid and e.prrelid = c.oid
where t.pubname = $1`;

/** The oids of the tables whose changes a publication gives under their own names, each with that of its entry in it; null for one that it has with all others. */
export type PublishedTables = ReadonlyMap<string, string | null>;

/** The tables that the publication of this name gives now. */
export async function publishedTables(client: Client, publication: string): Promise<PublishedTables> {
  const rows = await ownQuery<{ oid: string; entry: string | null }>(client, tablesQuery, [publication]);
  return new Map(rows.map(({ oid, entry }) => [oid, entry]));
}

/** What a position says of a table. */
export function tableMarks(oid: string, published: PublishedTables): Pick<Position, 'table' | 'entry'> {
  return { table: oid, entry: published.get(oid) ?? undefined };
}

/** The oid of the publication; undefined when there is none. */
export async function publicationOid(client: Client, publication: string): Promise<string | undefined> {
  const text = 'select p.oid::text from pg_catalog.pg_publication p where p.pubname = $1';
  const [row] = await ownQuery<{ oid: string }>(client, text, [publication]);
  return row?.oid;
}

/** The statement that makes the publication for these tables. Generated columns are published where the server can do that. */
export function createPublicationText(name: string, streams: readonly Published[], version: number): string {
  const generated = version >= 18 ? ', publish_generated_columns = stored' : '';
  return `CREATE PUBLICATION ${quoted(name)} FOR TABLE ${tablesText(streams)} WITH (publish_via_partition_root = true${generated})`;
}

function tablesText(streams: readonly Published[]): string {
  return streams.map(({ schemaName, tableName }) => `${quoted(schemaName)}.${quoted(tableName)}`).join(', ');
}

/** How often what is missing is made: another session may do the same at the same time. */
const attempts = 5;
/** SQLSTATEs of what another session has made in the meantime. The server has none for what it has changed. */
const madeMeanwhile: readonly unknown[] = ['42710', '23505'];
const changedMeanwhile = /tuple concurrently updated/;

/**
 * Makes the publication, or adds the tables that it lacks. A publication of all tables, or of a schema, has them already.
 *
 * @throws {ConnectionError} `access_denied`, with the statement to be run, when the role may not.
 * @throws {ConfigError} `config_invalid` when it does not publish all changes, `method_unsupported` when it cannot have a table.
 */
export async function ensurePublication(
  client: Client,
  name: string,
  streams: readonly PostgresStream[],
  version: number,
): Promise<void> {
  let missing = streams;
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const [found] = await ownQuery<PublicationRow>(client, publicationQuery, [name]);
    if (found !== undefined) refuseIncomplete(name, found);
    missing = found === undefined ? streams : await missingTables(client, name, streams);
    if (missing.length === 0) return;
    // One transaction: a publication that we made always says so.
    if (found === undefined)
      await run(client, createPublicationText(name, streams, version), streams, `; ${markText(name)}`);
    else await run(client, `ALTER PUBLICATION ${quoted(name)} ADD TABLE ${tablesText(missing)}`, missing);
  }
  throw partOfAnother(name, missing[0]?.id ?? '');
}

/** It has the table, and does not list it. */
function partOfAnother(name: string, id: string): ConfigError {
  const message = `The publication ${name} publishes the changes of ${id} under the name of its partitioned table.`;
  return new ConfigError(message, {
    code: 'method_unsupported',
    remedy: 'Select the partitioned table or its partitions, not both.',
    details: { stream: id },
  });
}

async function missingTables(
  client: Client,
  name: string,
  streams: readonly PostgresStream[],
): Promise<readonly PostgresStream[]> {
  const published = await publishedTables(client, name);
  return streams.filter(({ oid }) => !published.has(oid));
}

function refuseIncomplete(name: string, { isComplete, isByRoot }: PublicationRow): void {
  if (isComplete && isByRoot) return;
  const setting = isComplete ? 'publish_via_partition_root = true' : `publish = 'insert, update, delete, truncate'`;
  const what = isComplete
    ? 'publishes the changes of a partitioned table under the names of its partitions'
    : 'does not publish all changes';
  throw new ConfigError(`The publication ${name} ${what}.`, {
    code: 'config_invalid',
    remedy: `Run ALTER PUBLICATION ${quoted(name)} SET (${setting}).`,
    details: { property: 'publication' },
  });
}

async function run(client: Client, text: string, streams: readonly PostgresStream[], afterwards = ''): Promise<void> {
  try {
    await client.query(`${text}${afterwards}`);
  } catch (error) {
    const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
    if (madeMeanwhile.includes(code) || changedMeanwhile.test(String(message))) return;
    if (code !== '42501') throw error;
    throw new ConnectionError(
      `The role may not publish ${streams.map(({ id }) => id).join(', ')}: ${String(message)}.`,
      {
        code: 'access_denied',
        remedy: `Ask the owner of the tables, who needs CREATE on the database, to run: ${text};`,
        cause: error,
        details: { streams: streams.map(({ id }) => id), ...(streams.length === 1 && { stream: streams[0]?.id }) },
      },
    );
  }
}
