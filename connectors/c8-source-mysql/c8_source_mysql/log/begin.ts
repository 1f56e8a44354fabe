import { setTimeout as sleep } from 'node:timers/promises';
import type { Bookmark, LogBeginContext } from 'c8connector';
import { invalidAnswer } from 'c8connector-sql';
import { connect } from '../client.ts';
import type { MysqlConfig } from '../config.ts';
import type { Connection } from '../connection.ts';
import type { MysqlStream } from '../discover.ts';
import { translateError } from '../errors.ts';
import { execute, ownQuery } from '../own-query.ts';
import type { ConnectionPool } from '../pool.ts';
import { fileCreated } from './file-created.ts';
import { bookmarkOf, type Position } from './position.ts';
import { refuseFiltered, refuseSilentReplica, refuseWithoutLog } from './refuse-without-log.ts';
import { findServerLog, findSettings, type ServerLog } from './server-log.ts';
import { catalogTable } from './table-columns.ts';

/**
 * Milliseconds after which a transaction in the log of MySQL is visible. Without GTIDs nothing says when: the server writes a transaction to its log, and then makes it visible, which takes
 * milliseconds unless its disk is very slow.
 */
const visibleDelay = 2000;

/**
 * Ensures that the log of the server has the changes of the streams, and returns its current position. Everything committed before it is visible to a copy that begins afterwards.
 */
export async function beginLog(
  streams: readonly MysqlStream[],
  { config, stream, signal }: LogBeginContext<MysqlConfig, ConnectionPool>,
): Promise<Bookmark> {
  try {
    await using connection = await connect(config, signal);
    const settings = await findSettings(connection);
    refuseWithoutLog(settings);
    await refuseSilentReplica(connection, settings);
    const server = await findServerLog(connection);
    const begun = streams.find((each) => each.id === stream);
    if (begun !== undefined) refuseFiltered([begun], server);
    const position = await positionNow(connection, server, signal);
    const layout = begun && (await catalogTable(connection, begun, config)).layout;
    const created = await fileCreated(config, position, signal);
    return bookmarkOf({ ...position, change: 0, server: server.identity, created, layout });
  } catch (error) {
    throw translateError(error, config);
  }
}

type Now = Pick<Position, 'file' | 'pos' | 'gtid'>;

async function positionNow(connection: Connection, server: ServerLog, signal: AbortSignal): Promise<Now> {
  if (server.flavour === 'MariaDB') return await snapshotPosition(connection);
  // Committed before the end of the log was read: the dump sends all others.
  if (server.executed !== undefined) return { ...server.end, gtid: server.executed };
  await sleep(visibleDelay + ackTimeout(server), undefined, { signal });
  return server.end;
}

/** Milliseconds that a transaction may wait for a replica between its place in the log and its commit. */
function ackTimeout({ settings }: ServerLog): number {
  const isOn = settings.rpl_semi_sync_source_enabled === 'ON' || settings.rpl_semi_sync_master_enabled === 'ON';
  return isOn ? Number(settings.rpl_semi_sync_source_timeout ?? settings.rpl_semi_sync_master_timeout ?? 0) : 0;
}

/** MariaDB reports the place in its log that belongs to a snapshot: exactly what is before that place is visible. */
async function snapshotPosition({ client }: Connection): Promise<Now> {
  await execute(client, 'set session transaction isolation level repeatable read');
  await execute(client, 'start transaction with consistent snapshot');
  try {
    const rows = await ownQuery<{ Variable_name: string; Value: string }>(
      client,
      `show status like 'binlog_snapshot_%'`,
    );
    const status = new Map(rows.map(({ Variable_name, Value }) => [Variable_name.toLowerCase(), Value]));
    const file = status.get('binlog_snapshot_file');
    const pos = Number(status.get('binlog_snapshot_position'));
    if (file === undefined || file === '' || !Number.isInteger(pos))
      throw invalidAnswer('it does not report the position of a snapshot in its log');
    const [found] = await ownQuery<{ gtid: string | null }>(client, 'select binlog_gtid_pos(?, ?) as gtid', [
      file,
      pos,
    ]);
    return { file, pos, gtid: found?.gtid ?? '' };
  } finally {
    await execute(client, 'rollback');
  }
}
