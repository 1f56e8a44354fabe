import { ConfigError } from 'c8connector';
import type { Connection } from '../connection.ts';
import type { MysqlStream } from '../discover.ts';
import { ownQuery } from '../own-query.ts';
import { hasLog, type ServerLog, type ServerSettings } from './server-log.ts';

/**
 * Refuses a server whose log does not have all changes.
 *
 * @throws {ConfigError} `method_unsupported` with the fix.
 */
export function refuseWithoutLog(settings: ServerSettings): void {
  const { binlog_format: format = 'ROW', binlog_row_image: image = 'FULL', server_id } = settings;
  if (!hasLog(settings))
    throw refusal(
      'it writes no log (log_bin is OFF)',
      'Start it with log_bin=mysql-bin and a server_id. Managed services switch it on with automatic backups.',
    );
  if (format.toUpperCase() !== 'ROW')
    throw refusal(`binlog_format is ${format}`, persist('binlog_format', 'ROW', settings));
  if (image.toUpperCase() !== 'FULL')
    throw refusal(`binlog_row_image is ${image}`, persist('binlog_row_image', 'FULL', settings));
  if (server_id === '0') throw refusal('its server_id is 0', persist('server_id', '1', settings));
}

/**
 * Refuses a replica that does not log what it receives from its source. Call it before the log is trusted. One query, and only if the server may be one.
 *
 * @throws {ConfigError} `method_unsupported` with the fix.
 */
export async function refuseSilentReplica({ client, server }: Connection, settings: ServerSettings): Promise<void> {
  if ((settings.log_replica_updates ?? settings.log_slave_updates) !== 'OFF') return;
  const isReplica =
    server.flavour === 'MariaDB'
      ? // Whoever may not see the state of a replica sees whether there is one.
        (await ownQuery<{ Value: string }>(client, `show global status like 'slaves_running'`))[0]?.Value !== '0'
      : (await ownQuery(client, server.version < 8.04 ? 'show slave status' : 'show replica status')).length > 0;
  if (!isReplica) return;
  const name = settings.log_replica_updates === undefined ? 'log_slave_updates' : 'log_replica_updates';
  throw refusal(
    `it is a replica, and its log lacks what it receives from its source (${name} is OFF)`,
    `Set ${name} = ON in its configuration and restart it, or read its source.`,
  );
}

/**
 * Refuses tables whose changes a server does not log because of their database.
 *
 * @throws {ConfigError} `method_unsupported` that names the stream.
 */
export function refuseFiltered(
  streams: readonly Pick<MysqlStream, 'id' | 'schemaName'>[],
  { onlyDatabases, ignoredDatabases, settings }: ServerLog,
): void {
  const nameOf = (name: string) => (settings.lower_case_table_names === '0' ? name : name.toLowerCase());
  const only = onlyDatabases.map(nameOf);
  const ignored = ignoredDatabases.map(nameOf);
  for (const { id, schemaName } of streams) {
    const name = nameOf(schemaName);
    const setting = ignored.includes(name) ? 'binlog_ignore_db' : 'binlog_do_db';
    if (!ignored.includes(name) && (only.length === 0 || only.includes(name))) continue;
    throw new ConfigError(`The changes of ${id} are not in the log of the server: ${setting} excludes its database.`, {
      code: 'method_unsupported',
      remedy: `Remove ${setting} from the configuration of the server and restart it, or read the stream with another replication method.`,
      details: { stream: id },
    });
  }
}

/** What a log with a filter does not show even of databases that it has; undefined without a filter. */
export function filterGap({ onlyDatabases, ignoredDatabases }: ServerLog): string | undefined {
  if (onlyDatabases.length === 0 && ignoredDatabases.length === 0) return undefined;
  const setting = onlyDatabases.length > 0 ? 'binlog_do_db' : 'binlog_ignore_db';
  return `The log lacks statements such as TRUNCATE, DROP and RENAME of sessions whose current database ${setting} excludes, whatever their table: they are missed.`;
}

function refusal(why: string, remedy: string): ConfigError {
  return new ConfigError(`The server cannot be read with LOG_BASED: ${why}.`, {
    code: 'method_unsupported',
    remedy,
    details: { property: 'replication_method' },
  });
}

/** The statement for a setting, by a name that all versions know. Sessions keep theirs until they connect again. */
export function persist(name: string, value: string, { basedir = '', aurora_version }: ServerSettings): string {
  if (aurora_version !== undefined || basedir.startsWith('/rdsdbbin'))
    return `Set ${name} to ${value} in the parameter group; sessions that write must connect again.`;
  return `Run SET GLOBAL ${name} = ${value}, and set it in the server's configuration; sessions that write must connect again.`;
}
