import { watchSilence } from 'c8connector-sql';
import { activityOf, backendOf, probeTimeout } from './backend.ts';
import { connect } from './client.ts';
import type { MysqlConfig } from './config.ts';
import type { Connection } from './connection.ts';
import { driverOf } from './driver.ts';
import { execute } from './own-query.ts';

/** What a statement sees: what is committed when it begins. */
export type Isolation = 'statement';

/** A connection whose session has the settings for reading. */
export interface Reading extends Connection {
  /** Ends its use, so that another one can begin. */
  end(): Promise<void>;
}

/** Settings of the session in which everything is read. */
function settingsFor({ server }: Connection): readonly string[] {
  return [
    // Neither ANSI_QUOTES nor NO_BACKSLASH_ESCAPES, which would change the meaning of quotes, nor PAD_CHAR_TO_FULL_LENGTH.
    `sql_mode = ''`,
    `time_zone = '+00:00'`,
    `character_set_results = 'utf8mb4'`,
    'sql_select_limit = default',
    // Neither a table nor its reader has a time limit.
    'net_write_timeout = 31536000',
    'wait_timeout = 2147483',
    'lock_wait_timeout = 31536000',
    server.flavour === 'MariaDB' ? 'max_statement_time = 0' : 'max_execution_time = 0',
  ];
}

/**
 * Gives the session the settings for reading: read-only, and without time limits. A dead connection is noticed within 30 s, until `signal` is aborted; closing the connection is up to its owner. Errors are those of mysql2.
 */
export async function beginReading(connection: Connection, config: MysqlConfig, signal: AbortSignal): Promise<Reading> {
  const { client } = connection;
  await execute(client, `set session ${settingsFor(connection).join(', ')}`);
  await execute(client, 'set session transaction isolation level repeatable read, read only');
  const backend = await backendOf(connection);
  const { awaiting, stop } = watchSilence(driverOf(connection).stream, () =>
    activityOf(backend, () => connect(config, signal, probeTimeout)),
  );
  return {
    ...connection,
    awaiting,
    async end() {
      stop();
    },
    async [Symbol.asyncDispose]() {
      stop();
      await connection[Symbol.asyncDispose]();
    },
  };
}
