import type { Client } from 'pg';
import type { Incoming } from './incoming.ts';
import type { Server } from './server.ts';

/** One connection. Disposing closes it at once, also in the middle of a query, and waits for nothing. */
export interface Connection extends AsyncDisposable {
  readonly client: Client;
  readonly incoming: Incoming;
  readonly isEncrypted: boolean;
  readonly server: Server;
  /**
   * Waits for work that needs the server to answer. When the connection turns out to be dead meanwhile it breaks, and so does what waits for it: see `watchSilence`.
   */
  awaiting<T>(work: Promise<T>): Promise<T>;
}

/** A connection that is lent to one reader, in a transaction of its own. Disposing closes it at once, unless it was given back. */
export interface LentConnection extends Connection {
  /** Ends the transaction, and gives the connection back for the next reader. Call it once, when every query has ended well; what failed is disposed of instead. */
  giveBack(): Promise<void>;
}
