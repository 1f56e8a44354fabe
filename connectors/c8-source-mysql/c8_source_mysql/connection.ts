import type { Lent } from 'c8connector-sql';
import type { Connection as Client } from 'mysql2';
import type { Server } from './server.ts';

/** One connection. Disposing closes it immediately, even in the middle of a query. */
export interface Connection extends AsyncDisposable {
  readonly client: Client;
  readonly isEncrypted: boolean;
  readonly server: Server;
  /**
   * Awaits work that needs an answer of the server. When the connection turns out to be dead in the meantime, it breaks and the work rejects: see `watchSilence`.
   */
  awaiting<T>(work: Promise<T>): Promise<T>;
}

/** A connection of the pool that one reader uses. */
export type LentConnection = Lent<Connection>;
