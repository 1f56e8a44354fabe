import type { Socket } from 'node:net';
import { watchSilence } from 'c8connector-sql';
import { activityOf, backendOf, backendText, probeTimeout } from './backend.ts';
import { connect } from './client.ts';
import type { PostgresConfig } from './config.ts';
import type { Connection } from './connection.ts';
import { translateError } from './errors.ts';
import { setOwnPath } from './own-query.ts';
import { quoteLiteral } from './quote.ts';
import { settingsFor } from './server.ts';

/** What a statement sees: the same snapshot as the others of its transaction, or what is committed when it begins. */
export type Isolation = 'repeatable read' | 'read committed' | SharedSnapshot;

/** The snapshot of another transaction of the database, which has exported it under this name and is still open. */
interface SharedSnapshot {
  readonly snapshot: string;
}

/** A connection in a read-only transaction. */
export interface Reading extends Connection {
  /** Ends the transaction and undoes its settings, so that another one can begin on the connection. Rejects with errors of pg, after which the connection is unusable. */
  end(): Promise<void>;
}

/** Milliseconds for the statement that opens the transaction. */
const openingTimeout = 25_000;

/** Settings that the converters of values rely on, both in a copy and in the log. */
export const valueSettings: readonly string[] = [
  `client_encoding = 'UTF8'`,
  `timezone = 'UTC'`,
  `datestyle = 'ISO'`,
  `intervalstyle = 'iso_8601'`,
  'extra_float_digits = 3',
  `bytea_output = 'hex'`,
  `lc_monetary = 'C'`,
  // The catalog returns names of types, and columns of the type regclass contain names.
  'quote_all_identifiers = off',
];

/** Settings of the transaction in which everything is read. They are local to it, so that it works behind a transaction pooler too. */
const settings = [
  // Before any statement that names a function, an operator or a type.
  setOwnPath,
  ...valueSettings.map((setting) => `set local ${setting}`),
  // Every scan begins at the first row of the table, so that two samples are alike.
  'set local synchronize_seqscans = off',
  // Neither a table nor its reader has a time limit.
  'set local statement_timeout = 0',
  'set local lock_timeout = 0',
  'set local idle_in_transaction_session_timeout = 0',
];

/**
 * Begins a read-only transaction without a time limit. A dead connection is noticed within 30 s, until `signal` is aborted; closing the connection
 * is up to its owner. Errors are those of pg.
 */
export async function beginReading(
  connection: Connection,
  config: PostgresConfig,
  isolation: Isolation,
  signal: AbortSignal,
): Promise<Reading> {
  const all = [...beginTexts(isolation), ...settings, ...settingsFor(connection.server), backendText];
  const backend = backendOf(await opened(connection, all.join(';\n')));
  const { awaiting, stop } = watchSilence(connection.client.connection.stream as Socket, () =>
    activityOf(backend, () => connect(config, signal, probeTimeout)),
  );
  return {
    ...connection,
    awaiting,
    async end() {
      try {
        // Not a commit, which would keep settings that a function of a view has made for the session.
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
  // Must come before any query of the transaction.
  return [begin, `set transaction snapshot ${quoteLiteral(isolation.snapshot)}`];
}

/** Connects, and begins a transaction with one snapshot. Errors are those of `connect`. */
export async function connectForReading(config: PostgresConfig, signal: AbortSignal): Promise<Reading> {
  const connection = await connect(config, signal);
  try {
    return await beginReading(connection, config, 'repeatable read', signal);
  } catch (error) {
    await connection[Symbol.asyncDispose]();
    throw translateError(error, config);
  }
}

/** Opens the transaction with a time limit, since a pooler may wait for a free server connection. */
async function opened({ client }: Connection, text: string): Promise<unknown> {
  const timer = setTimeout(() => client.connection.stream.destroy(new Error('timeout expired')), openingTimeout);
  try {
    return await client.query(text);
  } finally {
    clearTimeout(timer);
  }
}
