import { watchSilence } from 'c8connector-sql';
import { activityOf, backendOf, endThread, killTimeout, probeTimeout } from './backend.ts';
import { connect } from './client.ts';
import type { MysqlConfig } from './config.ts';
import type { Connection } from './connection.ts';
import { type Driver, driverOf } from './driver.ts';
import { translateError } from './errors.ts';
import { execute } from './own-query.ts';
import { settingsFor } from './server.ts';

/** What a statement sees: what is committed when it begins. */
export type Isolation = 'statement';

/** A connection whose session has the settings for reading. */
export interface Reading extends Connection {
  /** Ends its use, so that another one can begin. */
  end(): Promise<void>;
}

/** Milliseconds for the statements that begin a reading. */
const openingTimeout = 25_000;

/**
 * Gives the session the settings for reading: read-only, and without time limits. A dead connection is noticed within 30 s, until `signal` is aborted; closing the connection is up to its owner. When the connection is
 * disposed of in the middle of a query, the server ends the query too. Errors are those of mysql2.
 */
export async function beginReading(connection: Connection, config: MysqlConfig, signal: AbortSignal): Promise<Reading> {
  const driver = driverOf(connection);
  const backend = await opened(driver, async () => {
    await execute(connection.client, `set session ${settingsFor(connection.server).join(', ')}`);
    return await backendOf(connection);
  });
  const { awaiting, stop } = watchSilence(driver.stream, () =>
    activityOf(backend, () => connect(config, signal, probeTimeout)),
  );
  const isBusy = noteBusy(driver, signal);
  return {
    ...connection,
    awaiting,
    async end() {
      stop();
      isBusy();
    },
    async [Symbol.asyncDispose]() {
      stop();
      const isUnfinished = isBusy();
      await connection[Symbol.asyncDispose]();
      // The server notices a closed connection only when it sends rows, so that it might compute or wait for hours.
      if (isUnfinished) await endThread(backend, (limit) => connect(config, limit, killTimeout));
    },
  };
}

/** Connects, and begins reading. Errors are those of `connect`. */
export async function connectForReading(config: MysqlConfig, signal: AbortSignal): Promise<Reading> {
  const connection = await connect(config, signal);
  try {
    return await beginReading(connection, config, signal);
  } catch (error) {
    await connection[Symbol.asyncDispose]();
    throw translateError(error, config);
  }
}

/** Whether a query is running, or was when `signal` was aborted, which closes the connection before it is disposed of. To be called once, at the end. */
function noteBusy(driver: Driver, signal: AbortSignal): () => boolean {
  let wasBusy = false;
  const isBusy = () => Boolean(driver._command) && !driver.stream.destroyed;
  const note = () => {
    wasBusy ||= Boolean(driver._command);
  };
  signal.addEventListener('abort', note, { once: true });
  return () => {
    signal.removeEventListener('abort', note);
    return wasBusy || isBusy();
  };
}

/** Limits the time of the work, since a proxy may wait for a free connection to the server. */
async function opened<T>({ stream }: Driver, work: () => Promise<T>): Promise<T> {
  const timer = setTimeout(() => stream.destroy(new Error('timeout expired')), openingTimeout);
  try {
    return await work();
  } finally {
    clearTimeout(timer);
  }
}
