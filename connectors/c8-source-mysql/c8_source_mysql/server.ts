import { ConnectionError } from 'c8connector';
import type { Connection as Client } from 'mysql2';
import { ownQuery } from './own-query.ts';

/** What the statements and the log of a server depend on. */
export interface Server {
  readonly flavour: 'MySQL' | 'MariaDB';
  /** Major and minor version as a number: 9.07 for 9.7.4, 10.11 for 10.11.19. */
  readonly version: number;
}

/** The oldest supported versions. */
const oldest: Readonly<Record<Server['flavour'], number>> = { MySQL: 8, MariaDB: 10.05 };

/**
 * Describes the server, after the login. Other errors are those of mysql2.
 *
 * @throws {ConnectionError} `connection_refused` for a version that is not supported.
 */
export async function describeServer(client: Client): Promise<Server> {
  const [row] = await ownQuery<{ version: string; comment: string }>(
    client,
    'select @@version as version, @@version_comment as comment',
  );
  return serverOf(row?.version ?? '', row?.comment ?? '');
}

/** The server with these values of @@version and @@version_comment. Throws as {@link describeServer} does. */
export function serverOf(version: string, comment: string): Server {
  const [, major = '0', minor = '0'] = /^(\d+)\.(\d+)/.exec(version) ?? [];
  const server: Server = {
    flavour: /mariadb/i.test(`${version} ${comment}`) ? 'MariaDB' : 'MySQL',
    version: Number(major) + Number(minor) / 100,
  };
  if (server.version >= oldest[server.flavour]) return server;
  throw new ConnectionError(`The server is ${server.flavour} ${version}, which is too old.`, {
    code: 'connection_refused',
    remedy: 'Upgrade the server: the oldest supported versions are MySQL 8.0 and MariaDB 10.5.',
    details: { property: 'host' },
  });
}

/** Settings of the session in which everything is read, as assignments. */
export function settingsFor({ flavour }: Server): readonly string[] {
  return [
    // Neither ANSI_QUOTES nor NO_BACKSLASH_ESCAPES, which would change the meaning of quotes, nor PAD_CHAR_TO_FULL_LENGTH.
    `sql_mode = ''`,
    `time_zone = '+00:00'`,
    `character_set_client = 'utf8mb4'`,
    `character_set_connection = 'utf8mb4'`,
    `character_set_results = 'utf8mb4'`,
    // Each statement is a transaction of its own, and a reader never writes.
    'autocommit = 1',
    ...(flavour === 'MariaDB'
      ? [`tx_isolation = 'REPEATABLE-READ'`, 'tx_read_only = 1']
      : [`transaction_isolation = 'REPEATABLE-READ'`, 'transaction_read_only = 1']),
    // All rows, also of views that join many, and as they are found.
    'sql_select_limit = 18446744073709551615',
    'sql_big_selects = 1',
    'sql_buffer_result = 0',
    // A position needs the order of whole texts.
    'max_sort_length = 65536',
    // Neither a table nor its reader has a time limit.
    'net_read_timeout = 31536000',
    'net_write_timeout = 31536000',
    'wait_timeout = 2147483',
    'lock_wait_timeout = 31536000',
    ...(flavour === 'MariaDB'
      ? ['max_statement_time = 0', 'system_versioning_asof = default', 'idle_transaction_timeout = 0']
      : [
          // The log has generated primary keys, which servers since 8.0.30 can hide from the catalog.
          '/*!80030 show_gipk_in_create_table_and_information_schema = 1, */ max_execution_time = 0',
          // A range of the key would be read from another index, and sorted.
          `optimizer_switch = 'skip_scan=off'`,
        ]),
  ];
}

/** The assignment that limits each statement of a session to this many milliseconds, and half of them for a lock. */
export function timeLimitsFor({ flavour }: Server, milliseconds: number): readonly string[] {
  const seconds = milliseconds / 1000;
  return [
    flavour === 'MariaDB' ? `max_statement_time = ${seconds}` : `max_execution_time = ${Math.ceil(milliseconds)}`,
    // Whole seconds, and at least one.
    `lock_wait_timeout = ${Math.max(1, Math.ceil(seconds / 2))}`,
  ];
}
