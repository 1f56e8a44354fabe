import { DataError, type LoggedStream } from 'c8connector';
import type { PostgresConfig } from '../config.ts';
import type { PostgresStream } from '../discover.ts';
import type { FoundPublication, PublishedTables } from './found-publication.ts';
import type { LogNames } from './names.ts';
import { lsnText, type Position, positionOf } from './position.ts';
import type { ServerLog } from './server-log.ts';

/** The state of the server that positions are compared with. */
export interface LogStatus {
  readonly names: LogNames;
  readonly server: ServerLog;
  /** Undefined when there is none. */
  readonly publication: FoundPublication | undefined;
  readonly published: PublishedTables;
  /** Where each earlier timeline of the server ended. Timelines that are not in its history are missing. */
  readonly forks: ReadonlyMap<number, bigint>;
}

/**
 * Checks that the server still has the log from the positions of the streams on.
 *
 * @throws {DataError} `log_position_lost` that names the slot, both positions and the reason. With `on_lost_position: resync` it has `isResync` in its details.
 */
export function refuseLostPositions(
  streams: readonly LoggedStream<PostgresStream>[],
  status: LogStatus,
  { on_lost_position }: Pick<PostgresConfig, 'on_lost_position'>,
): void {
  const lost = streams.flatMap((logged) => {
    const position = positionOf(logged.bookmark);
    const reason = reasonOf(position, logged.stream, status);
    return reason === undefined ? [] : [{ id: logged.stream.id, position, reason }];
  });
  if (lost.length > 0) throw lostError(lost, status, 'at the start of the read', on_lost_position);
}

/** A stream whose position is lost. */
interface Lost {
  readonly id: string;
  readonly position: Position | undefined;
  readonly reason: string;
}

function lostError(
  lost: readonly Lost[],
  { names, server }: Pick<LogStatus, 'names' | 'server'>,
  phase: string,
  policy: PostgresConfig['on_lost_position'],
): DataError {
  const [first] = lost as [Lost];
  const wanted = first.position === undefined ? 'none' : lsnText(first.position.lsn);
  const confirmed = server.slot?.confirmed === undefined ? 'none' : lsnText(server.slot.confirmed);
  const message = `The changes of ${listed(lost.map(({ id }) => id))} cannot be resumed from ${wanted}: ${first.reason} (slot ${names.slot}, at ${confirmed}; the log of the server ends at ${lsnText(server.end)}).`;
  return new DataError(message, {
    code: 'log_position_lost',
    remedy: remedyOf(policy),
    details: {
      stream: first.id,
      streams: lost.map(({ id }) => id),
      slot: names.slot,
      position: wanted,
      confirmed,
      phase,
      reason: first.reason,
      ...(policy === 'resync' && { isResync: true }),
    },
  });
}

/** The error for a change from before the key of its table changed: with the current key, the changed row cannot be found. */
export function keyChanged(
  stream: string,
  { before, key }: { readonly before: readonly string[]; readonly key: readonly string[] },
  { on_lost_position }: Pick<PostgresConfig, 'on_lost_position'>,
): DataError {
  const reason = `the log contains a change from a time when ${before.length === 0 ? 'rows could not be identified' : `rows were identified by ${before.join(', ')}`}, and the key is now ${key.join(', ')}`;
  return new DataError(`The changes of ${stream} cannot be resumed: ${reason}.`, {
    code: 'log_position_lost',
    remedy:
      on_lost_position === 'resync'
        ? remedyOf(on_lost_position)
        : 'Copy the stream again with --full-refresh, or set on_lost_position to resync.',
    details: {
      stream,
      phase: 'in the middle of the read',
      reason,
      ...(on_lost_position === 'resync' && { isResync: true }),
    },
  });
}

function remedyOf(policy: PostgresConfig['on_lost_position']): string {
  if (policy === 'resync') return 'The tables are copied again, since on_lost_position is resync.';
  return 'Copy the streams again with --full-refresh, or set on_lost_position to resync. Make sure that the server retains WAL for the slot, and that nothing else reads or drops it.';
}

function listed(ids: readonly string[]): string {
  return ids.length > 3 ? `${ids.slice(0, 3).join(', ')} and ${ids.length - 3} more` : ids.join(', ');
}

/** The server's messages in the middle of a read when it no longer has the log. */
const lostLater =
  /can no longer (?:get changes from|access) replication slot|requested WAL segment .* has already been removed|publication ".*" does not exist/;

/** Translates the error of a read in progress: if the log is gone, all positions are lost. Returns any other error unchanged. */
export function lostWhileReading(
  error: unknown,
  streams: readonly LoggedStream<PostgresStream>[],
  status: Pick<LogStatus, 'names' | 'server'>,
  config: Pick<PostgresConfig, 'on_lost_position'>,
): unknown {
  const message = error instanceof Error ? error.message : '';
  return lostLater.test(message) ? allLost(message, streams, status, config) : error;
}

/** The error of a read whose publication was altered under it. */
export function lostByAlteration(
  streams: readonly LoggedStream<PostgresStream>[],
  status: Pick<LogStatus, 'names' | 'server'>,
  config: Pick<PostgresConfig, 'on_lost_position'>,
): DataError {
  const reason = `the publication ${status.names.publication} was altered, and the log may lack changes since then`;
  return allLost(reason, streams, status, config);
}

function allLost(
  reason: string,
  streams: readonly LoggedStream<PostgresStream>[],
  status: Pick<LogStatus, 'names' | 'server'>,
  { on_lost_position }: Pick<PostgresConfig, 'on_lost_position'>,
): DataError {
  const lost = streams.map(({ stream, bookmark }) => ({ id: stream.id, position: positionOf(bookmark), reason }));
  return lostError(lost, status, 'in the middle of the read', on_lost_position);
}

/** Why a stream cannot be resumed; undefined if it can. */
function reasonOf(
  position: Position | undefined,
  { oid }: PostgresStream,
  { server, names, publication, published, forks }: LogStatus,
): string | undefined {
  const { slot, system, timeline, end } = server;
  if (position === undefined) return 'the state has no position';
  if (position.system !== undefined && position.system !== system)
    return `the state belongs to another server: its system identifier is ${position.system}, and that of this server is ${system}`;
  if (position.timeline !== undefined && position.timeline !== timeline) {
    const fork = forks.get(position.timeline);
    if (fork === undefined || fork < position.lsn)
      return `the server was promoted or restored: it ${fork === undefined ? `was never on timeline ${position.timeline}` : `left timeline ${position.timeline} at ${lsnText(fork)}`}, and is on timeline ${timeline}`;
  }
  if (position.lsn > end)
    return 'the log of the server ends before this position: the server was restored, or has lost the end of its log';
  if (slot === undefined) return 'the slot no longer exists';
  if (slot.lostBecause !== undefined) return `the server has invalidated the slot (${slot.lostBecause})`;
  if (slot.confirmed !== undefined && slot.confirmed > position.lsn)
    return 'the slot was advanced past this position, by another reader or by hand, or was recreated';
  if (position.table !== undefined && position.table !== oid)
    return 'the table is not the same as before: it was recreated, or another table took its name';
  // wal2json reads from no publication.
  if (slot.plugin === 'wal2json') return undefined;
  if (position.publication !== undefined && position.publication !== publication?.oid)
    return `the publication ${names.publication} ${publication === undefined ? 'no longer exists' : 'was recreated'}`;
  if (position.altered !== undefined && position.altered !== publication?.altered)
    return `the settings of the publication ${names.publication} were altered, and the log may lack changes from before that`;
  const table = published.get(oid);
  if (table === undefined) return `the table is no longer in the publication ${names.publication}`;
  return position.entry === undefined || table.entry === null || table.entry === position.entry
    ? undefined
    : `the table was removed from the publication ${names.publication} and added again`;
}
