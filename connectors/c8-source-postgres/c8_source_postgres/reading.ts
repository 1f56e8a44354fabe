import { activityOf, backendOf, backendText, probeTimeout } from './backend.ts';
import { connect } from './client.ts';
import type { PostgresConfig } from './config.ts';
import type { Connection } from './connection.ts';
import { translateError } from './errors.ts';
import { setOwnPath } from './own-query.ts';
import { quoteLiteral } from './quote.ts';
import { settingsFor } from './server.ts';
import { watchSilence } from './silence.ts';

/** How much of the database one statement sees of the time of another: all of it, or what is committed when it begins. */
export type Isolation = 'repeatable read' | 'read committed' | SharedSnapshot;

/** The same moment as another transaction of the database, which has exported its snapshot under this name and is still open. */
interface SharedSnapshot {
  readonly snapshot: string;
}

/** A connection in a transaction that only reads. */
export interface Reading extends Connection {
  /** Ends the transaction and undoes all that was set in it, so that another one can begin on the connection. Errors are those of pg: the connection cannot be used then. */
  end(): Promise<void>;
}

/** Milliseconds for the statement that opens the transaction. */
const openingTimeout = 25_000;

/** What the converters of values rely on, in a copy and in the change log alike. */
export const valueSettings: readonly string[] = [
  `client_encoding = 'UTF8'`,
  `timezone = 'UTC'`,
  `datestyle = 'ISO'`,
  `intervalstyle = 'iso_8601'`,
  'extra_float_digits = 3',
  `bytea_output = 'hex'`,
  `lc_monetary = 'C'`,
  // The catalog names types, and columns of the type regclass hold names.
  'quote_all_identifiers = off',
];

/** Settings of the transaction that everything is read in. They are local to it, so that it works behind a transaction pooler too. */
const settings = [
  // Before anything that names a function, an operator or a type.
  setOwnPath,
  ...valueSettings.map((setting) => `set local ${setting}`),
  // Every scan begins at the first row of the table, so that two samples are alike.
  'set local synchronize_seqscans = off',
  // A table may take as long as it takes, and its reader too.
  'set local statement_timeout = 0',
  'set local lock_timeout = 0',
  'set local idle_in_transaction_session_timeout = 0',
];

/**
 * Begins a transaction that writes nothing and has no time limit. A connection that died without a word is noticed within 30 s. Once `signal` is aborted nobody looks
 * any more; to close the connection is up to its owner. Errors are those of pg.
 */
export async function beginReading(
  connection: Connection,
  config: PostgresConfig,
  isolation: Isolation,
  signal: AbortSignal,
): Promise<Reading> {
  const all = [...beginTexts(isolation), ...settings, ...settingsFor(connection.server), backendText];
  const backend = backendOf(await opened(connection, all.join(';\n')));
  const { awaiting, stop } = watchSilence(connection, () =>
    activityOf(backend, () => connect(config, signal, probeTimeout)),
  );
  return {
    ...connection,
    awaiting,
    async end() {
      try {
        // Not a commit, which would keep what a function of a view has set for the session.
        await awaiting(connection.client.query('rollback'));
      } finally {
        stop();
      }
    },
    async [Symbol.asyncDispose]() {
      stop();
      await connection[Symbol.asyncDispose]();
    },
  };
}

function beginTexts(isolation: Isolation): readonly string[] {
  const level = typeof isolation === 'string' ? isolation : 'repeatable read';
  const begin = `begin transaction isolation level ${level}, read only`;
  if (typeof isolation === 'string') return [begin];
  // Before any query of the transaction.
  return [begin, `set transaction snapshot ${quoteLiteral(isolation.snapshot)}`];
}

/** Connects, and begins a transaction of one snapshot. Errors are those of `connect`. */
export async function connectForReading(config: PostgresConfig, signal: AbortSignal): Promise<Reading> {
  const connection = await connect(config, signal);
  try {
    return await beginReading(connection, config, 'repeatable read', signal);
  } catch (error) {
    await connection[Symbol.asyncDispose]();
    throw translateError(error, config);
  }
}

/** A pooler may let us wait for a connection of its own, but not for ever. */
async function opened({ client }: Connection, text: string): Promise<unknown> {
  const timer = setTimeout(() => client.connection.stream.destroy(new Error('timeout expired')), openingTimeout);
  try {
    return await client.query(text);
  } finally {
    clearTimeout(timer);
  }
}
