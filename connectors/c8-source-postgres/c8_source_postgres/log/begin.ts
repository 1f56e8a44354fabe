import type { Bookmark, LogBeginContext } from 'c8connector';
import type { Client } from 'pg';
import { connect } from '../client.ts';
import type { PostgresConfig } from '../config.ts';
import type { PostgresStream } from '../discover.ts';
import { translateError } from '../errors.ts';
import type { ConnectionPool } from '../pool.ts';
import { findPublication, type PublishedTables, publishedTables } from './found-publication.ts';
import { logNames } from './names.ts';
import { pluginOf, refuseWithWal2json } from './plugin.ts';
import { bookmarkOf, type Position, publicationMarks, tableMarks } from './position.ts';
import { ensurePublication } from './publication.ts';
import { refuseLeftOut } from './published-whole.ts';
import { refuseWithoutIdentity } from './replica-identity.ts';
import { refuseWithPooler } from './replication-connection.ts';
import { findServerLog } from './server-log.ts';
import { ensureSlot, refuseWithoutLog } from './slot.ts';
import { waitForWriters } from './writers.ts';

/** Settings of a session outside of a transaction, in which a slot is created. */
const settings = [
  'set search_path = pg_catalog, pg_temp',
  'set quote_all_identifiers = off',
  'set statement_timeout = 0',
  'set lock_timeout = 0',
  'set idle_session_timeout = 0',
];

/**
 * Ensures that the server keeps the changes of the streams, and returns the current position of its log. Everything committed before it is visible to a copy that begins afterwards.
 */
export async function beginLog(
  streams: readonly PostgresStream[],
  { config, connection: id, stream, columns, signal, log }: LogBeginContext<PostgresConfig, ConnectionPool>,
): Promise<Bookmark> {
  const { slot, publication } = logNames(config, id);
  try {
    await using connection = await connect(config, signal);
    const { client } = connection;
    await client.query(settings.join(';'));
    const server = await findServerLog(client, slot);
    refuseWithoutLog(server);
    await refuseWithoutIdentity(client, streams);
    const plugin = pluginOf(config, server.slot);
    if (plugin === 'wal2json') refuseWithWal2json(server, streams, config);
    else await ensurePublication(client, publication, streams, server.version);
    // Before the position: what is altered later is noticed by the next read.
    const found = plugin === 'pgoutput' ? await findPublication(client, publication) : undefined;
    const begun = streams.find((each) => each.id === stream);
    const published: PublishedTables =
      plugin === 'pgoutput' ? await publishedTables(client, publication, begun ? [begun.oid] : []) : new Map();
    if (begun !== undefined) refuseLeftOut(publication, published, [{ ...begun, columns }]);
    if (server.slot === undefined) await refuseWithPooler(config, signal);
    await ensureSlot(client, slot, plugin, { config, signal, log });
    const position = await positionNow(client, slot, streams, { signal, log });
    return bookmarkOf({
      ...position,
      ...publicationMarks(found),
      ...(begun !== undefined && tableMarks(begun.oid, published)),
    });
  } catch (error) {
    throw translateError(error, config);
  }
}

async function positionNow(
  client: Client,
  slot: string,
  streams: readonly PostgresStream[],
  { signal, log }: Pick<LogBeginContext<PostgresConfig>, 'signal' | 'log'>,
): Promise<Position> {
  const { end, system, timeline } = await findServerLog(client, slot);
  const oids = streams.map(({ oid }) => oid);
  await waitForWriters(client, oids, signal, log);
  return { lsn: end, change: 0, system, timeline };
}
