import type { Incoming } from 'c8connector-sql';
import type { Client } from 'pg';
import type { Server } from './server.ts';

/** One connection. Disposing closes it immediately, even in the middle of a query. */
export interface Connection extends AsyncDisposable {
  readonly client: Client;
  readonly incoming: Incoming;
  readonly isEncrypted: boolean;
  readonly server: Server;
  /**
   * Awaits work that needs an answer of the server. When the connection turns out to be dead in the meantime, it breaks and the work rejects: see `watchSilence`.
   */
  awaiting<T>(work: Promise<T>): Promise<T>;
}

/** A pooled connection that one reader uses, in its own transaction. Disposing closes it immediately, unless it was given back. */
export interface LentConnection extends Connection {
  /** Ends the transaction, and returns the connection to the pool. Call it once, when every query has succeeded; after a failure, dispose of the connection instead. */
  giveBack(): Promise<void>;
}
