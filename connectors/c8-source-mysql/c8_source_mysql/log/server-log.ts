import { ConnectionError } from 'c8connector';
import { invalidAnswer } from 'c8connector-sql';
import type { Connection } from '../connection.ts';
import { ownQuery } from '../own-query.ts';
import type { Server } from '../server.ts';
import { comparePlaces, type Place } from './position.ts';

/** A file of the log. */
export interface LogFile {
  readonly name: string;
  readonly size: number;
}

/** The settings of a server, by their names in lower case. Those that it does not have are missing. */
export type ServerSettings = Readonly<Record<string, string>>;

/** The log of a server. */
export interface ServerLog extends Server {
  readonly settings: ServerSettings;
  /** Distinguishes this server from all others, also after a restart. */
  readonly identity: string;
  /** Whether transactions have GTIDs. */
  readonly hasGtids: boolean;
  /** Where the log ends. */
  readonly end: Place;
  /** The GTIDs of the transactions that are committed, read before `end`; undefined without GTIDs. */
  readonly executed: string | undefined;
  /** Databases to which the log is limited; [] for all of them. */
  readonly onlyDatabases: readonly string[];
  /** Databases whose changes are not logged. */
  readonly ignoredDatabases: readonly string[];
  /** The files from the oldest to the newest. */
  readonly files: readonly LogFile[];
}

const names = [
  ...['log_bin', 'binlog_format', 'binlog_row_image', 'binlog_row_metadata'],
  ...['server_id', 'server_uuid', 'server_uid', 'hostname', 'port', 'lower_case_table_names'],
  ...['gtid_mode', 'gtid_executed', 'gtid_purged', 'gtid_binlog_state', 'gtid_binlog_pos'],
  ...['log_replica_updates', 'log_slave_updates', 'binlog_expire_logs_seconds', 'expire_logs_days'],
  ...['rpl_semi_sync_master_enabled', 'rpl_semi_sync_master_timeout'],
  ...['rpl_semi_sync_source_enabled', 'rpl_semi_sync_source_timeout'],
  ...['aurora_version', 'basedir'],
];

/** The settings of the log. One query; errors are those of mysql2. */
export async function findSettings({ client }: Pick<Connection, 'client'>): Promise<ServerSettings> {
  const rows = await ownQuery<{ Variable_name: string; Value: string }>(
    client,
    'show global variables where variable_name in (?)',
    [names],
  );
  return Object.fromEntries(rows.map(({ Variable_name, Value }) => [Variable_name.toLowerCase(), Value]));
}

/** Whether the server writes a log at all. */
export function hasLog({ log_bin }: ServerSettings): boolean {
  return log_bin === 'ON' || log_bin === '1';
}

/**
 * Queries the state of the server's log, which it must have. Three queries.
 *
 * @throws {ConnectionError} `access_denied` when the user may not see it; other errors are those of mysql2.
 */
export async function findServerLog(connection: Pick<Connection, 'client' | 'server'>): Promise<ServerLog> {
  const { client, server } = connection;
  const settings = await findSettings(connection);
  try {
    const [status] = await ownQuery<StatusRow>(client, statusText(server));
    if (status === undefined) throw invalidAnswer('it does not report the end of its log');
    const files = await ownQuery<{ Log_name: string; File_size: number | string }>(client, 'show binary logs');
    return {
      ...server,
      settings,
      identity: identityOf(server, settings),
      hasGtids: server.flavour === 'MariaDB' || settings.gtid_mode === 'ON',
      end: { file: status.File, pos: Number(status.Position) },
      executed: executedOf(server, settings),
      onlyDatabases: listOf(status.Binlog_Do_DB),
      ignoredDatabases: listOf(status.Binlog_Ignore_DB),
      files: files.map(({ Log_name, File_size }) => ({ name: Log_name, size: Number(File_size) })),
    };
  } catch (error) {
    throw refusedStatus(error, server) ?? error;
  }
}

interface StatusRow {
  readonly File: string;
  readonly Position: number | string;
  readonly Binlog_Do_DB: string | null;
  readonly Binlog_Ignore_DB: string | null;
}

/** A list of names, such as `a,b`. */
function listOf(names: string | null): readonly string[] {
  return names === null || names === '' ? [] : names.split(',');
}

function statusText({ flavour, version }: Server): string {
  return flavour === 'MySQL' && version >= 8.02 ? 'show binary log status' : 'show master status';
}

/** MariaDB has a hash of the machine and the port. */
function identityOf({ flavour }: Server, settings: ServerSettings): string {
  const { server_uuid, server_uid, hostname, port, server_id } = settings;
  if (flavour === 'MySQL' && server_uuid !== undefined) return server_uuid;
  return `${server_uid || `${hostname}:${port}`} ${server_id}`;
}

function executedOf({ flavour }: Server, settings: ServerSettings): string | undefined {
  if (flavour === 'MariaDB') return settings.gtid_binlog_pos ?? '';
  return settings.gtid_mode === 'ON' ? (settings.gtid_executed ?? '').replace(/\s+/g, '') : undefined;
}

/** The privilege for the state of the log, by its name on this server. */
function statusPrivilege({ flavour }: Server): string {
  return flavour === 'MariaDB' ? 'BINLOG MONITOR' : 'REPLICATION CLIENT';
}

function refusedStatus(error: unknown, server: Server): ConnectionError | undefined {
  if ((error as { readonly errno?: unknown }).errno !== 1227) return undefined;
  const privilege = statusPrivilege(server);
  return new ConnectionError('The user may not see the state of the log.', {
    code: 'access_denied',
    remedy: `Run GRANT ${privilege}, REPLICATION SLAVE ON *.* TO the user.`,
    cause: error,
  });
}

/** Bytes of the log from a place to another one, as far as the files still exist. */
export function bytesBetween(files: readonly LogFile[], from: Place, to: Place): number {
  let bytes = 0;
  for (const { name, size } of files) {
    const start = { file: name, pos: 0 };
    if (comparePlaces({ file: name, pos: Number.POSITIVE_INFINITY }, from) < 0 || comparePlaces(start, to) > 0)
      continue;
    bytes += (name === to.file ? to.pos : size) - (name === from.file ? from.pos : 0);
  }
  return Math.max(0, bytes);
}
