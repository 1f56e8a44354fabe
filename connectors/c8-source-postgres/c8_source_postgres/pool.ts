import { connect } from './client.ts';
import type { PostgresConfig } from './config.ts';
import type { Connection, LentConnection } from './connection.ts';
import { translateError } from './errors.ts';
import { beginReading, type Isolation, type Reading } from './reading.ts';
import { type SnapshotSessions, snapshotSessions } from './sessions.ts';

/** The connections of one run, so that reading one table after another needs only one login. Disposing closes those that are not lent. */
export interface ConnectionPool extends AsyncDisposable {
  /**
   * Lends a connection that was given back, or a new one. When `signal` is aborted, the connection breaks and pending work rejects.
   *
   * @throws {ConnectionError | ConfigError} already translated.
   */
  lend(signal: AbortSignal, isolation: Isolation): Promise<LentConnection>;
  /** Snapshots that several connections share. */
  readonly sessions: SnapshotSessions;
}

/** An empty pool. */
export function connectionPool(config: PostgresConfig): ConnectionPool {
  const idle: Connection[] = [];
  let isClosed = false;

  async function begin(connection: Connection, signal: AbortSignal, isolation: Isolation): Promise<LentConnection> {
    const close = () => void connection[Symbol.asyncDispose]();
    signal.addEventListener('abort', close, { once: true });
    try {
      signal.throwIfAborted();
      return lentOf(connection, await beginReading(connection, config, isolation, signal), signal, close);
    } catch (error) {
      signal.removeEventListener('abort', close);
      await connection[Symbol.asyncDispose]();
      throw error;
    }
  }

  function lentOf(connection: Connection, reading: Reading, signal: AbortSignal, close: () => void): LentConnection {
    let isLent = true;
    return {
      ...reading,
      async giveBack() {
        // The read is complete by now, so a connection that breaks here is not its error.
        const hasEnded = await reading.end().then(
          () => true,
          () => false,
        );
        signal.removeEventListener('abort', close);
        if (!hasEnded || signal.aborted || isClosed) return;
        isLent = false;
        idle.push(connection);
      },
      async [Symbol.asyncDispose]() {
        signal.removeEventListener('abort', close);
        if (isLent) await reading[Symbol.asyncDispose]();
      },
    };
  }

  async function lend(signal: AbortSignal, isolation: Isolation): Promise<LentConnection> {
    signal.throwIfAborted();
    for (let connection = idle.pop(); connection !== undefined; connection = idle.pop()) {
      // The server or a firewall may have ended an idle connection: it is replaced by a new one.
      const lent = await begin(connection, signal, isolation).catch(() => undefined);
      if (lent !== undefined) return lent;
    }
    try {
      return await begin(await connectBeyond(config, signal), signal, isolation);
    } catch (error) {
      throw translateError(error, config);
    }
  }

  const sessions = snapshotSessions(lend);
  return {
    lend,
    sessions,
    async [Symbol.asyncDispose]() {
      isClosed = true;
      await sessions[Symbol.asyncDispose]();
      await Promise.all(idle.splice(0).map((connection) => connection[Symbol.asyncDispose]()));
    },
  };
}

/** Connects unless the signal aborts; the connection outlives the signal. */
async function connectBeyond(config: PostgresConfig, signal: AbortSignal): Promise<Connection> {
  const login = new AbortController();
  const giveUp = () => login.abort();
  signal.throwIfAborted();
  signal.addEventListener('abort', giveUp);
  try {
    return await connect(config, login.signal);
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}
