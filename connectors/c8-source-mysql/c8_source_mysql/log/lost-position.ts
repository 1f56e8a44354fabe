import { DataError, isC8Error, type LoggedStream } from 'c8connector';
import type { MysqlConfig } from '../config.ts';
import type { MysqlStream } from '../discover.ts';
import { missingFromState } from './gtid-position.ts';
import { parseGtids } from './parse-gtids.ts';
import { comparePlaces, type Place, type Position, placeText, positionOf } from './position.ts';
import { persist } from './refuse-without-log.ts';
import type { ServerLog } from './server-log.ts';
import type { Order } from './stream-positions.ts';

type Policy = Pick<MysqlConfig, 'on_lost_position'>;

/**
 * Checks that the server still has the log from the positions of the streams on.
 *
 * @throws {DataError} `log_position_lost` that names the positions and the reason. With `on_lost_position: resync` it has `isResync` in its details.
 */
export function refuseLostPositions(
  streams: readonly LoggedStream<MysqlStream>[],
  server: ServerLog,
  order: Order,
  policy: Policy,
): void {
  const lost = streams.flatMap(({ stream, bookmark }) => {
    const position = positionOf(bookmark);
    const reason = reasonOf(position, server, order);
    return reason === undefined ? [] : [{ id: stream.id, position, reason }];
  });
  if (lost.length > 0) throw lostError(lost, server, 'at the start of the read', policy);
}

/** Why a stream cannot be resumed; undefined if it can. */
function reasonOf(position: Position | undefined, server: ServerLog, order: Order): string | undefined {
  if (position === undefined) return 'the state has no position';
  if (order === 'gtids') return reasonOfGtids(position, server);
  const { file, pos, gtid, prepared = [] } = position;
  if (position.server !== undefined && position.server !== server.identity)
    return `the state belongs to another server (${position.server}), this one is ${server.identity}, and ${gtid === undefined ? 'the state has no GTIDs' : 'not all streams have GTIDs'}`;
  const found = server.files.find(({ name }) => name === file);
  if (found === undefined) return `the server no longer has the file ${file}`;
  if (pos > found.size)
    return `the file ${file} ends at ${found.size}, before this position: the server was restored or reset, or has lost the end of its log`;
  const gone = prepared.find((each) => !server.files.some(({ name }) => name === each.file));
  if (gone !== undefined)
    return `the XA transaction ${gone.xid} is still undecided, and the server no longer has the file ${gone.file}, which contains its rows`;
  return server.flavour === 'MariaDB' && gtid !== undefined ? reasonOfGtids(position, server) : undefined;
}

function reasonOfGtids(
  { gtid, ...position }: Position,
  { flavour, settings, executed = '' }: ServerLog,
): string | undefined {
  if (gtid === undefined)
    return `the state has no GTIDs, and others have: it is from a time when the server had none, or from another server (${position.server})`;
  const own = parseGtids(gtid, flavour);
  if (own === undefined) return 'the state has GTIDs of another kind of server';
  if (flavour === 'MariaDB') return missingFromState(gtid, settings.gtid_binlog_state ?? '');
  if (!own.includes(settings.gtid_purged ?? ''))
    return `the server has purged transactions after it (gtid_purged is ${settings.gtid_purged})`;
  return parseGtids(executed, flavour)?.includes(gtid) === true
    ? undefined
    : `the server lacks transactions that were read (its gtid_executed is ${executed === '' ? 'empty' : executed}): it was restored or reset, or is another server`;
}

/** A stream whose position is lost. */
interface Lost {
  readonly id: string;
  readonly position: Position | undefined;
  readonly reason: string;
}

function lostError(
  lost: readonly Lost[],
  { end, files }: Pick<ServerLog, 'end' | 'files'>,
  phase: string,
  { on_lost_position: policy }: Policy,
): DataError {
  const [first] = lost as [Lost];
  const wanted = first.position === undefined ? 'none' : positionText(first.position);
  const oldest = files[0]?.name ?? 'none';
  const message = `The changes of ${listed(lost.map(({ id }) => id))} cannot be resumed${first.position === undefined ? '' : ` from ${wanted}`}: ${first.reason} (the log of the server begins with ${oldest} and ends at ${placeText(end)}).`;
  return new DataError(message, {
    code: 'log_position_lost',
    remedy: remedyOf(policy),
    details: {
      stream: first.id,
      streams: lost.map(({ id }) => id),
      position: wanted,
      phase,
      reason: first.reason,
      ...(policy === 'resync' && { isResync: true }),
    },
  });
}

function positionText({ gtid, ...place }: Position): string {
  return gtid === undefined || gtid === '' ? placeText(place) : `${placeText(place)} (GTIDs ${gtid})`;
}

/** The error for one stream whose rows the log does not show from here on. The others can be read further. */
export function lostStream(
  stream: string,
  place: Place,
  { reason, remedy }: { readonly reason: string; readonly remedy?: string },
  { on_lost_position: policy }: Policy,
): DataError {
  return new DataError(`The changes of ${stream} cannot be resumed after ${placeText(place)}: ${reason}.`, {
    code: 'log_position_lost',
    remedy: [remedy, copyAgain(policy)].filter((text) => text !== undefined).join(' '),
    details: {
      stream,
      position: placeText(place),
      phase: 'in the middle of the read',
      reason,
      ...(policy === 'resync' && { isResync: true }),
    },
  });
}

/** The error for a change from before the key of its table changed: with the current key, the changed row cannot be found. */
export function keyChanged(stream: string, key: readonly string[], { on_lost_position: policy }: Policy): DataError {
  const reason = `the log contains a change from a time when the table did not have all columns of its present key (${key.join(', ')})`;
  return new DataError(`The changes of ${stream} cannot be resumed: ${reason}.`, {
    code: 'log_position_lost',
    remedy: copyAgain(policy),
    details: {
      stream,
      phase: 'in the middle of the read',
      reason,
      ...(policy === 'resync' && { isResync: true }),
    },
  });
}

function copyAgain(policy: MysqlConfig['on_lost_position']): string {
  return policy === 'resync'
    ? 'The table is copied again, since on_lost_position is resync.'
    : 'Copy the stream again with --full-refresh, or set on_lost_position to resync.';
}

function remedyOf(policy: MysqlConfig['on_lost_position']): string {
  if (policy === 'resync') return 'The tables are copied again, since on_lost_position is resync.';
  return 'Copy the streams again with --full-refresh, or set on_lost_position to resync. Make sure that the server keeps its log for longer than the time between two runs (binlog_expire_logs_seconds, or the retention of a managed service).';
}

function listed(ids: readonly string[]): string {
  return ids.length > 3 ? `${ids.slice(0, 3).join(', ')} and ${ids.length - 3} more` : ids.join(', ');
}

/** The error 1236 has many texts; nearly all say that the server does not have what was asked for. */
const lostLater =
  /could not find|not in the (?:master|source|primary)|purged|impossible position|not available|slave state|does not exist in the|missing the GTID|more GTIDs|max_allowed_packet|truncated|bogus data|binlog truncated|does not have GTID|different from|Could not open log file|diverge/i;

/** Translates the error of a read in progress: if the log is gone, all positions are lost. Returns any other error unchanged. */
export function lostWhileReading(
  error: unknown,
  streams: readonly LoggedStream<MysqlStream>[],
  server: ServerLog,
  policy: Policy,
): unknown {
  const isIncident = isC8Error(error) && error.code === 'log_position_lost' && error.details.stream === undefined;
  const { errno, message } = error as { readonly errno?: unknown; readonly message?: unknown };
  const isLost = errno === 1236 && lostLater.test(String(message));
  return isIncident || isLost ? allLost(String(message), streams, server, policy) : error;
}

/** The error of a read whose log is not the one of the positions. */
function allLost(
  reason: string,
  streams: readonly LoggedStream<MysqlStream>[],
  server: ServerLog,
  policy: Policy,
): DataError {
  const lost = streams.map(({ stream, bookmark }) => ({ id: stream.id, position: positionOf(bookmark), reason }));
  return lostError(lost, server, 'in the middle of the read', policy);
}

/** Errors for what a read meets in the log. */
export interface Refusals {
  /** For the file of a position: another one may have got its name. */
  otherFile(file: string, created: number): void;
  /** For the file of a position that does not exist, unless it is older than all that do. */
  noFile(file: string): void;
  image(stream: string): never;
  effect(stream: string, reason: string): never;
  rollback(): never;
  part(): never;
  reset(): DataError;
  unknownXa(xid: string): DataError;
}

/** The errors for these streams, at the positions from which they are read. All throw their error, except `reset` and `unknownXa`, which return it. */
export function refusals(streams: readonly LoggedStream<MysqlStream>[], server: ServerLog, policy: Policy): Refusals {
  const places = new Map(streams.map(({ stream, bookmark }) => [stream.id, positionOf(bookmark)]));
  const placeOf = (stream: string): Place => places.get(stream) ?? { file: 'an unknown position', pos: 0 };
  return {
    otherFile(file, created) {
      const other = streams.filter(({ stream }) => {
        const position = places.get(stream.id);
        return position?.file === file && position.created !== undefined && position.created !== created;
      });
      if (other.length === 0) return;
      throw allLost(`the file ${file} is not the same as before: the log was reset`, other, server, policy);
    },
    noFile(file) {
      const oldest = { file: server.files[0]?.name ?? '', pos: 0 };
      if (comparePlaces({ file, pos: 0 }, oldest) < 0) return;
      const lost = streams.filter(({ stream }) => places.get(stream.id)?.file === file);
      throw allLost(`the server has no file ${file}: the log was reset`, lost, server, policy);
    },
    image(stream) {
      throw lostStream(
        stream,
        placeOf(stream),
        {
          reason: 'a change in the log lacks columns: binlog_row_image was not FULL in the session that made it',
          remedy: `${persist('binlog_row_image', 'FULL', server.settings)} If it is FULL already, find the session that sets it.`,
        },
        policy,
      );
    },
    effect(stream, reason) {
      throw lostStream(stream, placeOf(stream), { reason }, policy);
    },
    rollback() {
      const reason =
        'a transaction that also changed tables without transactions was rolled back, and the log does not tell which of its rows remain';
      throw allLost(reason, streams, server, policy);
    },
    part() {
      const reason = 'the log no longer has the transaction of which a part was read at its place';
      throw allLost(reason, streams, server, policy);
    },
    reset: () => allLost('the log was reset', streams, server, policy),
    unknownXa: (xid) =>
      allLost(
        `the log has the commit of the XA transaction ${xid}, which was prepared before the position`,
        streams,
        server,
        policy,
      ),
  };
}
