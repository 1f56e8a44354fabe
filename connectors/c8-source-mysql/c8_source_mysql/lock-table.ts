import { ConnectionError, type ReadContext } from 'c8connector';
import { noticeWait } from 'c8connector-sql';
import type { MysqlConfig } from './config.ts';
import type { LentConnection } from './connection.ts';
import type { MysqlStream } from './discover.ts';
import { execute, ownQuery } from './own-query.ts';
import { selectText } from './select-text.ts';
import { timeLimitsFor } from './server.ts';

/** Numbers of the errors for a statement that took longer than allowed. */
const timeLimitErrors = [1317, 1969, 3024];

/**
 * Waits until no other session keeps readers out of the table, as long as necessary, so that the copy begins with the rows that were committed until then. With `milliseconds`, neither this nor the copy may take
 * longer. Rejects with errors of mysql2.
 *
 * @throws {ConnectionError} `server_busy` when the time is over before the table can be read.
 */
export async function lockTable(
  { client, server, awaiting }: LentConnection,
  stream: MysqlStream,
  columns: readonly string[],
  { milliseconds, log }: Pick<ReadContext<MysqlConfig>, 'milliseconds' | 'log'>,
): Promise<void> {
  if (milliseconds !== undefined)
    await awaiting(execute(client, `set session ${timeLimitsFor(server, milliseconds).join(', ')}`));
  const stopNotices = noticeWait(stream.id, 'another session', log);
  try {
    await awaiting(ownQuery(client, selectText(stream, columns, { limit: 0 })));
  } catch (error) {
    const { errno } = error as { readonly errno?: unknown };
    throw timeLimitErrors.some((number) => number === errno) ? tableBusy(stream.id, error) : error;
  } finally {
    stopNotices();
  }
}

function tableBusy(stream: string, cause: unknown): ConnectionError {
  return new ConnectionError(`${stream} could not be read in time: another session may hold a lock on it.`, {
    code: 'server_busy',
    isRetryable: true,
    remedy:
      'Run again once it has ended; SHOW PROCESSLIST and performance_schema.metadata_locks of the server show which one it is.',
    cause,
    details: { stream },
  });
}
