import type { Log } from 'c8connector';
import type { ConnectionPool } from '../pool.ts';
import { type FoundPublication, findPublication, type PublishedTables, publishedEntries } from './found-publication.ts';

/** Milliseconds between two looks. */
const interval = 10_000;

/** A publication that is followed without end, and the tables of it that are. */
export interface WatchedPublication {
  readonly name: string;
  readonly found: FoundPublication;
  readonly published: PublishedTables;
  readonly oids: readonly string[];
}

/**
 * Looks from time to time whether a publication is still as it was found: the server does not say in its log when it leaves out changes from now on. Calls `onAltered` once it is another one.
 * Disposing ends the looks.
 */
export function watchPublication(
  { name, found, published, oids }: WatchedPublication,
  { resource, signal, log }: { readonly resource: ConnectionPool; readonly signal: AbortSignal; readonly log: Log },
  onAltered: () => void,
): Disposable {
  async function look(): Promise<void> {
    try {
      await using connection = await resource.lend(signal, 'read committed');
      const now = await findPublication(connection.client, name);
      const entries = await publishedEntries(connection.client, name);
      await connection.giveBack();
      const isSame = now?.oid === found.oid && now.altered === found.altered;
      if (!isSame || oids.some((oid) => entries.get(oid) !== published.get(oid)?.entry)) onAltered();
    } catch (error) {
      log.debug(`nobody knows whether the publication ${name} is as it was`, { error: String(error) });
    }
  }

  const timer = setInterval(() => void look(), interval);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
