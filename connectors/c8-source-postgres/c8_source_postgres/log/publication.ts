import { ConfigError, ConnectionError } from 'c8connector';
import type { Client } from 'pg';
import type { PostgresStream } from '../discover.ts';
import { findPublication, publishedEntries } from './found-publication.ts';
import { quoted } from './names.ts';
import { markText } from './publication-mark.ts';
import { refuseIncomplete } from './published-whole.ts';

/** What the statements need to know about a table. */
type Published = Pick<PostgresStream, 'schemaName' | 'tableName'>;

/** The statement that creates the publication for these tables. Generated columns are published where the server can do that. */
export function createPublicationText(name: string, streams: readonly Published[], version: number): string {
  const generated = version >= 18 ? ', publish_generated_columns = stored' : '';
  return `CREATE PUBLICATION ${quoted(name)} FOR TABLE ${tablesText(streams)} WITH (publish_via_partition_root = true${generated})`;
}

function tablesText(streams: readonly Published[]): string {
  return streams.map(({ schemaName, tableName }) => `${quoted(schemaName)}.${quoted(tableName)}`).join(', ');
}

/** Attempts to create the publication or add tables: another session may do the same at the same time. */
const attempts = 5;
/** SQLSTATEs when another session has created it in the meantime. There is no SQLSTATE for a concurrent change, only its message. */
const madeMeanwhile: readonly unknown[] = ['42710', '23505'];
const changedMeanwhile = /tuple concurrently updated/;

/**
 * Creates the publication, or adds the tables that it lacks. A publication of all tables, or of a schema, already has them.
 *
 * @throws {ConnectionError} `access_denied`, with the statement to run, if the role lacks the privilege.
 * @throws {ConfigError} `config_invalid` if it does not publish all changes, `method_unsupported` if a table cannot be added.
 */
export async function ensurePublication(
  client: Client,
  name: string,
  streams: readonly PostgresStream[],
  version: number,
): Promise<void> {
  let missing = streams;
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const found = await findPublication(client, name);
    if (found !== undefined) refuseIncomplete(name, found);
    missing = found === undefined ? streams : await missingTables(client, name, streams);
    if (missing.length === 0) return;
    // In one transaction, so that a publication that the source created always has its mark.
    if (found === undefined)
      await run(client, createPublicationText(name, streams, version), streams, `; ${markText(name)}`);
    else await run(client, `ALTER PUBLICATION ${quoted(name)} ADD TABLE ${tablesText(missing)}`, missing);
  }
  throw partOfAnother(name, missing[0]?.id ?? '');
}

/** The error for a table that the publication contains but does not list under its own name. */
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
  const published = await publishedEntries(client, name);
  return streams.filter(({ oid }) => !published.has(oid));
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
