import type { LoggedStream, LogReadContext } from 'c8connector';
import { logsCascades } from '../cascades.ts';
import type { MysqlConfig } from '../config.ts';
import type { MysqlStream } from '../discover.ts';
import type { ConnectionPool } from '../pool.ts';
import { fileCreated } from './file-created.ts';
import { refusals, refuseLostPositions } from './lost-position.ts';
import { firstPosition, positionOf } from './position.ts';
import { filterGap, refuseFiltered, refuseSilentReplica, refuseWithoutLog } from './refuse-without-log.ts';
import { findServerLog, findSettings, type ServerLog } from './server-log.ts';
import type { Order } from './stream-positions.ts';

/** What a read needs to know about the server and its log. */
export interface InspectedLog {
  readonly server: ServerLog;
  /** Whether the log has what foreign keys change. */
  readonly logsCascades: boolean;
  /** How the positions of the streams are compared, and from where the server sends its log. */
  readonly order: Order;
}

/** Inspects the server and its log before it is read. Throws if the streams cannot be resumed. */
export async function inspectLog(
  streams: readonly LoggedStream<MysqlStream>[],
  context: LogReadContext<MysqlConfig, ConnectionPool>,
): Promise<InspectedLog> {
  const { config, resource, signal, log } = context;
  await using connection = await resource.lend(signal, 'statement');
  const settings = await connection.awaiting(findSettings(connection));
  refuseWithoutLog(settings);
  await connection.awaiting(refuseSilentReplica(connection, settings));
  const server = await connection.awaiting(findServerLog(connection));
  const isLogged = await connection.awaiting(logsCascades(connection));
  await connection.giveBack();
  const gap = filterGap(server);
  if (gap !== undefined) log.warn(gap);
  refuseFiltered(
    streams.map(({ stream }) => stream),
    server,
  );
  const order = orderOf(streams, server);
  refuseLostPositions(streams, server, order, config);
  if (order === 'gtids') await refuseReset(streams, server, context);
  warnOfPrepared(streams, context);
  return { server, order, logsCascades: isLogged };
}

/** The server must keep the files of XA transactions that are undecided. */
function warnOfPrepared(
  streams: readonly LoggedStream<MysqlStream>[],
  { log }: LogReadContext<MysqlConfig, ConnectionPool>,
): void {
  const all = streams.flatMap(({ bookmark }) => positionOf(bookmark)?.prepared ?? []);
  const [first] = all;
  if (first === undefined) return;
  log.warn(
    `the XA transaction ${first.xid} is neither committed nor rolled back: the server must keep its log from ${first.file} on, which has the rows (XA RECOVER lists such transactions)`,
    { xid: first.xid, file: first.file },
  );
}

/** After RESET, the numbers of GTIDs begin anew: only the files tell that the log is another one. */
async function refuseReset(
  streams: readonly LoggedStream<MysqlStream>[],
  server: ServerLog,
  { config, signal }: LogReadContext<MysqlConfig, ConnectionPool>,
): Promise<void> {
  const { otherFile, noFile } = refusals(streams, server, config);
  const files = streams.flatMap(({ bookmark }) => {
    const position = positionOf(bookmark);
    return position?.server === server.identity ? [position.file] : [];
  });
  for (const file of new Set(files)) {
    if (server.files.some(({ name }) => name === file))
      otherFile(file, await fileCreated(config, { file, pos: firstPosition }, signal));
    else noFile(file);
  }
}

/** MySQL: by GTIDs where it has them, since only they say exactly what a copy could see. MariaDB: by places, which are exact there, unless a position is of another server. */
function orderOf(streams: readonly LoggedStream<MysqlStream>[], { flavour, hasGtids, identity }: ServerLog): Order {
  const positions = streams.flatMap(({ bookmark }) => positionOf(bookmark) ?? []);
  const haveSome = positions.some(({ gtid }) => gtid !== undefined);
  if (!hasGtids || !haveSome) return 'places';
  const isElsewhere = positions.some(({ server }) => server !== undefined && server !== identity);
  return flavour === 'MySQL' || isElsewhere ? 'gtids' : 'places';
}
