import { ConnectionError, isC8Error } from 'c8connector';
import { connect } from '../client.ts';
import type { MysqlConfig } from '../config.ts';
import type { Connection } from '../connection.ts';
import { execute } from '../own-query.ts';
import { quoteLiteral } from '../quote.ts';
import { Dump } from './dump.ts';
import { encodeGtidSet } from './gtid-set.ts';
import type { Place } from './position.ts';

/** From where the server sends its log: a place, or the first transaction that is not among these GTIDs. */
export type DumpStart = Place | { readonly gtids: string };

/** What a dump sends, and to whom. */
export interface DumpRequest {
  readonly from: DumpStart;
  /** By which the server distinguishes its readers: of two with the same one, it ends the older. */
  readonly serverId: number;
  /** Whether the server sends what it has now, and no more. */
  readonly isBrief?: boolean;
}

/** Nanoseconds between two heartbeats of a server that has nothing to send. */
const heartbeat = 1_000_000_000;

const byPlace = 0x12;
const byGtid = 0x1e;
const briefFlag = 1;
const gtidFlag = 4;

/** Begins to read the log with a connection of its own, which breaks once `signal` is aborted. Errors of the server come with the first event, those of the login are already translated. */
export async function startDump(config: MysqlConfig, request: DumpRequest, signal: AbortSignal): Promise<Dump> {
  const connection = await connect(config, signal);
  try {
    await execute(connection.client, `set ${settingsFor(connection, request.from).join(', ')}`);
    return new Dump(connection, commandOf(connection, request));
  } catch (error) {
    await connection[Symbol.asyncDispose]();
    throw error;
  }
}

function settingsFor({ server }: Connection, from: DumpStart): readonly string[] {
  const isMariaDb = server.flavour === 'MariaDB';
  return [
    // The reader can check checksums of this kind, and events of files without.
    `@master_binlog_checksum = 'CRC32'`,
    `@source_binlog_checksum = 'CRC32'`,
    `@master_heartbeat_period = ${heartbeat}`,
    `@source_heartbeat_period = ${heartbeat}`,
    // A slow target must not end the dump.
    'session net_write_timeout = 31536000',
    ...(isMariaDb ? ['@mariadb_slave_capability = 4'] : []),
    ...(isMariaDb && 'gtids' in from
      ? [
          `@slave_connect_state = ${quoteLiteral(from.gtids)}`,
          // A transaction that another server of the same domain never had must not be skipped in silence.
          '@slave_gtid_strict_mode = 1',
        ]
      : []),
  ];
}

function commandOf({ server }: Connection, { from, serverId, isBrief = false }: DumpRequest): Buffer {
  if ('gtids' in from && server.flavour === 'MySQL') return gtidCommand(from.gtids, serverId, isBrief);
  const { file, pos } = 'gtids' in from ? { file: '', pos: 4 } : from;
  const command = Buffer.alloc(11 + Buffer.byteLength(file));
  command[0] = byPlace;
  command.writeUInt32LE(pos, 1);
  command.writeUInt16LE(isBrief ? briefFlag : 0, 5);
  command.writeUInt32LE(serverId, 7);
  command.write(file, 11);
  return command;
}

function gtidCommand(gtids: string, serverId: number, isBrief: boolean): Buffer {
  const set = encodeGtidSet(gtids);
  const command = Buffer.alloc(23);
  command[0] = byGtid;
  command.writeUInt16LE(gtidFlag | (isBrief ? briefFlag : 0), 1);
  command.writeUInt32LE(serverId, 3);
  // No name of a file, and the beginning of the first one.
  command.writeUInt32LE(0, 7);
  command.writeBigUInt64LE(4n, 11);
  command.writeUInt32LE(set.length, 19);
  return Buffer.concat([command, set]);
}

/** The error of a dump in our words; undefined for one that is not about the reader itself. */
export function dumpError(error: unknown, serverId: number): ConnectionError | undefined {
  if (isC8Error(error)) return undefined;
  const { message, errno } = error as { readonly message?: unknown; readonly errno?: unknown };
  // Some messages of the servers end with a full stop.
  const text = String(message).replace(/[.\s]+$/, '');
  if (errno === 4052 || /with the same server_uuid|same server_id/i.test(text))
    return new ConnectionError(`Another reader of the log or a replica has the server_id ${serverId}: ${text}.`, {
      code: 'server_busy',
      remedy: 'Set server_id to a number that no replica and no other reader has.',
      cause: error,
      details: { property: 'server_id' },
    });
  if (errno === 1227 || errno === 1045)
    return new ConnectionError('The user may not read the log.', {
      code: 'access_denied',
      remedy: 'Run GRANT REPLICATION SLAVE ON *.* TO the user.',
      cause: error,
      details: { property: 'user' },
    });
  return undefined;
}
