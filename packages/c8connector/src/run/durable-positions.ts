import type { Bookmark } from '../interface/state.ts';
import { logPositions } from '../replication/methods.ts';
import type { RunContext } from './run-context.ts';

/**
 * The durable position of each stream of the connection that follows the log or will; undefined while none may be confirmed, since a stream is being begun or the store cannot say it. Asked
 * from the store, since another host may have begun a stream.
 */
export async function durablePositions({
  store,
  beginning,
  log,
}: Pick<RunContext, 'store' | 'beginning' | 'log'>): Promise<Readonly<Record<string, Bookmark>> | undefined> {
  if (beginning.size > 0) return undefined;
  try {
    return logPositions((await store.loadDurable()).streams);
  } catch (error) {
    log.debug('the durable positions of the log are unknown', { error: String(error) });
    return undefined;
  }
}
