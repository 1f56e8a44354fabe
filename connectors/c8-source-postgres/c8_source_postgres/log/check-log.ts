import { type CheckResult, type CheckStep, ConnectionError } from 'c8connector';
import { streamId } from 'c8connector-sql';
import type { Client } from 'pg';
import { findColumns, findKeys, type Relation } from '../catalog.ts';
import { connectTimeout } from '../client.ts';
import type { PostgresConfig } from '../config.ts';
import type { Connection } from '../connection.ts';
import { translateError } from '../errors.ts';
import { logObstacle } from '../replication.ts';
import { findRowSecurity } from '../row-security.ts';
import { findPublication, type PublishedTables, publishedEntries, publishedTables } from './found-publication.ts';
import { findLogRights, type LogRights } from './log-rights.ts';
import { findLogRoom, roomResult } from './log-room.ts';
import { logNames, quoted } from './names.ts';
import { pluginOf, refuseWithWal2json } from './plugin.ts';
import { createPublicationText } from './publication.ts';
import { type FollowedTable, findLeftOut, refuseIncomplete } from './published-whole.ts';
import { findWithoutIdentity, type Identified, identityRemedy } from './replica-identity.ts';
import { refuseWithPooler } from './replication-connection.ts';
import { findServerLog } from './server-log.ts';
import { refuseForeignSlot, refuseWithoutLog } from './slot.ts';

/** What the earlier steps of `validate` have opened and found. */
export interface CheckedDatabase {
  readonly login: Connection;
  readonly readable: readonly Relation[];
}

type Table = Identified & FollowedTable;

/** Whether the config asks for the log for streams without a replication method of their own. */
export function followsLog({ replication_method, replication_slot, publication }: PostgresConfig): boolean {
  return replication_method === 'LOG_BASED' || replication_slot !== undefined || publication !== undefined;
}

/** The steps of `validate` for a source that follows the log. They create nothing: the first run creates the slot and the publication. */
export function* logSteps(config: PostgresConfig, opened: () => CheckedDatabase): Generator<CheckStep> {
  const { slot, publication } = logNames(config, undefined);
  const asked = (ask: (client: Client) => Promise<CheckResult>) => async (): Promise<CheckResult> => {
    const { client, awaiting } = opened().login;
    return await awaiting(ask(client)).catch((error: unknown) => {
      throw translateError(error, config);
    });
  };
  yield {
    id: 'log',
    label: 'Check the settings of the log',
    property: 'replication_method',
    run: asked(async (client) => {
      const server = await findServerLog(client, slot);
      refuseWithoutLog(server);
      if (server.slot !== undefined) refuseForeignSlot(slot, server.slot, config);
      await refuseWithPooler(config, AbortSignal.timeout(connectTimeout));
      return 'The log can be followed (wal_level is logical).';
    }),
  };
  yield {
    id: 'slot',
    label: 'Check for a free slot',
    property: 'replication_slot',
    run: asked(async (client) => roomResult(slot, await findServerLog(client, slot), await findLogRoom(client))),
  };
  yield {
    id: 'replica_identity',
    label: 'Check the replica identities',
    property: 'filter_table',
    run: asked(async (client) => await identityResult(client, await followedTables(client, opened().readable))),
  };
  yield {
    id: 'publication',
    label: 'Check what is published',
    property: 'publication',
    run: asked(async (client) => {
      const server = await findServerLog(client, slot);
      if (pluginOf(config, server.slot) === 'wal2json') {
        refuseWithWal2json(server, [], config);
        return 'wal2json needs no publication.';
      }
      const found = await findPublication(client, publication);
      if (found === undefined) return `The first run creates the publication ${publication}.`;
      refuseIncomplete(publication, found);
      const tables = await followedTables(client, opened().readable);
      const oids = tables.map(({ oid }) => oid);
      return publicationResult(publication, await publishedTables(client, publication, oids), tables);
    }),
  };
  yield {
    id: 'log_privileges',
    label: 'Check the privileges for the log',
    property: 'user',
    run: asked(async (client) => {
      const { slot: foundSlot } = await findServerLog(client, slot);
      const needsPublication = pluginOf(config, foundSlot) === 'pgoutput';
      const tables = needsPublication ? await followedTables(client, opened().readable) : [];
      const published = await publishedEntries(client, publication);
      const missing = tables.filter(({ oid }) => !published.has(oid));
      const rights = await findLogRights(
        client,
        publication,
        missing.map(({ oid }) => oid),
      );
      const result = rightsResult(config, publication, missing, rights);
      return needsPublication ? result : `The role ${config.user} may read the log.`;
    }),
  };
}

/** The tables that can be read from the log, with their keys. */
async function followedTables(client: Client, readable: readonly Relation[]): Promise<readonly Table[]> {
  const security = await findRowSecurity(
    client,
    readable.map(({ oid }) => oid),
  );
  const tables = readable.filter((relation) => logObstacle(relation, security.tables.has(relation.oid)) === undefined);
  const columns = await findColumns(client, tables);
  const keys = await findKeys(client, columns);
  return tables.map((relation) => ({
    id: streamId(relation),
    oid: relation.oid,
    schemaName: relation.schema,
    tableName: relation.name,
    keyProperties: keys.get(relation.oid) ?? [],
    columns: (columns.get(relation.oid) ?? []).map(({ name }) => name),
  }));
}

async function identityResult(client: Client, tables: readonly Table[]): Promise<CheckResult> {
  const without = await findWithoutIdentity(client, tables);
  const [first] = without;
  if (first === undefined) return 'The log identifies the row of each update and delete.';
  const names = [...new Set(without.map(({ stream }) => stream.id))];
  return {
    status: 'warning',
    message: `The log does not identify the rows that are updated or deleted in ${listed(names)}: these tables cannot be read with LOG_BASED.`,
    remedy: identityRemedy(first),
  };
}

/** Only warnings: which tables and columns a run will read is not known yet. */
function publicationResult(name: string, published: PublishedTables, tables: readonly Table[]): CheckResult {
  const [first, ...others] = findLeftOut(name, published, tables);
  if (first !== undefined) {
    const more = others.length === 0 ? '' : ` The same is true of ${listed(others.map(({ table }) => table.id))}.`;
    return { status: 'warning', message: `${first.message}${more}`, remedy: first.remedy };
  }
  const generated = tables.flatMap(({ id, oid }) => {
    const columns = published.get(oid)?.generated ?? [];
    return columns.map((column) => `${id}.${column}`);
  });
  if (generated.length === 0) return `The publication ${name} publishes all changes of its tables.`;
  return {
    status: 'warning',
    message: `The log does not contain the generated columns ${listed(generated)}: after an update they keep their old values.`,
    remedy: `Deselect them. From PostgreSQL 18 on, stored ones can be published: run ALTER PUBLICATION ${quoted(name)} SET (publish_generated_columns = stored), and copy the streams again.`,
  };
}

function rightsResult(
  { user }: PostgresConfig,
  publication: string,
  missing: readonly Table[],
  { mayReplicate, mayPublish, hasPublication, version }: LogRights,
): CheckResult {
  if (!mayReplicate)
    throw new ConnectionError(`The role ${user} may not read the log.`, {
      code: 'access_denied',
      remedy: `Run ALTER ROLE ${user} REPLICATION; managed services have a role for it, such as rds_replication.`,
    });
  if (missing.length === 0) return `The publication ${publication} contains all tables.`;
  if (mayPublish) return `The role may publish ${counted(missing)}; the first run does it.`;
  const create = createPublicationText(publication, missing, version);
  const text = hasPublication
    ? create.replace(/^CREATE (.*) FOR TABLE (.*) WITH .*$/, 'ALTER $1 ADD TABLE $2')
    : create;
  return {
    status: 'warning',
    message: `The role may not publish ${counted(missing)}: ${listed(missing.map(({ id }) => id))}.`,
    remedy: `Ask the owner of the tables, who needs CREATE on the database, to run: ${text};`,
  };
}

function listed(names: readonly string[]): string {
  return names.slice(0, 5).join(', ') + (names.length > 5 ? ', …' : '');
}

function counted({ length }: readonly unknown[]): string {
  return length === 1 ? 'one table' : `${length} tables`;
}
