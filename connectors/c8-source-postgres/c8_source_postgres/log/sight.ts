import type { LoggedStream, LogReadContext } from 'c8connector';
import type { PostgresConfig } from '../config.ts';
import type { PostgresStream } from '../discover.ts';
import type { ConnectionPool } from '../pool.ts';
import { refuseLostPositions } from './lost-position.ts';
import type { LogNames } from './names.ts';
import { positionOf } from './position.ts';
import { publishedTables } from './publication.ts';
import { connectForReplication } from './replication-connection.ts';
import { findServerLog, type ServerLog } from './server-log.ts';
import { refuseForeignSlot, refuseWithoutLog } from './slot.ts';
import { timelineForks } from './timeline-history.ts';

type Context = LogReadContext<PostgresConfig, ConnectionPool>;

/** Looks at the log of the server before it is read, and refuses what cannot be read on. */
export async function lookAtLog(
  streams: readonly LoggedStream<PostgresStream>[],
  names: LogNames,
  context: Context,
): Promise<{ readonly server: ServerLog; readonly hasNoEncoding: boolean }> {
  const { config, resource, signal } = context;
  await using connection = await resource.lend(signal, 'read committed');
  const { client, awaiting } = connection;
  const server = await awaiting(findServerLog(client, names.slot));
  const published = await awaiting(publishedTables(client, names.publication));
  await connection.giveBack();
  refuseWithoutLog(server);
  if (server.slot !== undefined) refuseForeignSlot(names.slot, server.slot, config);
  const forks = await forksOf(streams, server, context);
  refuseLostPositions(streams, { names, server, published, forks }, config);
  return { server, hasNoEncoding: connection.server.hasNoEncoding };
}

/** Asked only where a position is of another timeline: after a promotion or a restore. */
async function forksOf(
  streams: readonly LoggedStream<PostgresStream>[],
  { timeline }: ServerLog,
  { config, signal }: Context,
): Promise<ReadonlyMap<number, bigint>> {
  const isOfOther = streams.some(({ bookmark }) => (positionOf(bookmark)?.timeline ?? timeline) !== timeline);
  if (!isOfOther || timeline === undefined || timeline === 1) return new Map();
  await using connection = await connectForReplication(config, signal);
  return await timelineForks(connection.client, timeline);
}
