import type { LoggedStream, LogReadContext } from 'c8connector';
import type { PostgresConfig } from '../config.ts';
import type { PostgresStream } from '../discover.ts';
import type { ConnectionPool } from '../pool.ts';
import { type FoundPublication, findPublication, type PublishedTables, publishedTables } from './found-publication.ts';
import { refuseLostPositions } from './lost-position.ts';
import type { LogNames } from './names.ts';
import { type Plugin, pluginOf, refuseWithWal2json } from './plugin.ts';
import { positionOf } from './position.ts';
import { refuseIncomplete, refuseLeftOut } from './published-whole.ts';
import { connectForReplication } from './replication-connection.ts';
import { findServerLog, type ServerLog } from './server-log.ts';
import { refuseForeignSlot, refuseWithoutLog } from './slot.ts';
import { timelineForks } from './timeline-history.ts';

type Context = LogReadContext<PostgresConfig, ConnectionPool>;

/** What a read needs to know about the server, its log and the publication. */
export interface InspectedLog {
  readonly server: ServerLog;
  readonly plugin: Plugin;
  readonly publication: FoundPublication | undefined;
  readonly published: PublishedTables;
  readonly hasNoEncoding: boolean;
}

/** A warning is logged once the server retains this many bytes of WAL. */
const muchRetained = 1024n ** 3n;

/** Inspects the server and its log before it is read. Throws if the streams cannot be resumed, or the publication does not cover them. */
export async function inspectLog(
  streams: readonly LoggedStream<PostgresStream>[],
  names: LogNames,
  context: Context,
): Promise<InspectedLog> {
  const { config, resource, signal, log } = context;
  await using connection = await resource.lend(signal, 'read committed');
  const { client, awaiting } = connection;
  const server = await awaiting(findServerLog(client, names.slot));
  const plugin = pluginOf(config, server.slot);
  const oids = streams.map(({ stream }) => stream.oid);
  const isPublished = plugin === 'pgoutput';
  const publication = isPublished ? await awaiting(findPublication(client, names.publication)) : undefined;
  const published: PublishedTables = isPublished
    ? await awaiting(publishedTables(client, names.publication, oids))
    : new Map();
  await connection.giveBack();
  refuseWithoutLog(server);
  if (server.slot !== undefined) refuseForeignSlot(names.slot, server.slot, config);
  if (plugin === 'wal2json')
    refuseWithWal2json(
      server,
      streams.map(({ stream }) => stream),
      config,
    );
  if (publication !== undefined) refuseIncomplete(names.publication, publication);
  refuseLeftOut(
    names.publication,
    published,
    streams.map(({ stream, columns }) => ({ ...stream, columns })),
  );
  const forks = await forksOf(streams, server, context);
  refuseLostPositions(streams, { names, server, publication, published, forks }, config);
  warnOfRetained(names.slot, server, log);
  return { server, plugin, publication, published, hasNoEncoding: connection.server.hasNoEncoding };
}

function warnOfRetained(name: string, { slot }: ServerLog, log: Context['log']): void {
  const retained = slot?.retained ?? 0n;
  if (retained < muchRetained) return;
  const megabytes = Number(retained / 1024n ** 2n);
  log.warn(
    `the server retains ${megabytes.toLocaleString('en')} MB of WAL for the slot ${name}: run more often, or follow the log continuously`,
    { slot: name, megabytes },
  );
}

/** The ends of earlier timelines. The server is asked only if a position is on another timeline, as after a promotion or a restore. */
async function forksOf(
  streams: readonly LoggedStream<PostgresStream>[],
  { timeline }: ServerLog,
  { config, signal }: Context,
): Promise<ReadonlyMap<number, bigint>> {
  const isOnOtherTimeline = streams.some(({ bookmark }) => (positionOf(bookmark)?.timeline ?? timeline) !== timeline);
  if (!isOnOtherTimeline || timeline === undefined || timeline === 1) return new Map();
  await using connection = await connectForReplication(config, signal);
  return await timelineForks(connection.client, timeline);
}
