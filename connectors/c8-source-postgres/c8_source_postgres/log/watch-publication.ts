import type { Log } from 'c8connector';
import type { ConnectionPool } from '../pool.ts';
import { type FoundPublication, findPublication, type PublishedTables, publishedEntries } from './found-publication.ts';

/** Milliseconds between two checks. */
const interval = 10_000;

/** A publication that is followed continuously, with the oids of the tables that are read. */
export interface WatchedPublication {
  readonly name: string;
  readonly found: FoundPublication;
  readonly published: PublishedTables;
  readonly oids: readonly string[];
}

/**
 * Checks regularly whether a publication has been altered, since the log does not show when the server begins to leave out changes. Calls `onAltered` when it has been.
 * Disposing ends the checks.
 */
export function watchPublication(
  { name, found, published, oids }: WatchedPublication,
  { resource, signal, log }: { readonly resource: ConnectionPool; readonly signal: AbortSignal; readonly log: Log },
  onAltered: () => void,
): Disposable {
  async function check(): Promise<void> {
    try {
      await using connection = await resource.lend(signal, 'read committed');
      const now = await findPublication(connection.client, name);
      const entries = await publishedEntries(connection.client, name);
      await connection.giveBack();
      const isSame = now?.oid === found.oid && now.altered === found.altered;
      if (!isSame || oids.some((oid) => entries.get(oid) !== published.get(oid)?.entry)) onAltered();
    } catch (error) {
      log.debug(`cannot check whether the publication ${name} was altered`, { error: String(error) });
    }
  }

  const timer = setInterval(() => void check(), interval);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
