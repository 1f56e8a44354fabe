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
    const { streams: durable } = await store.loadDurable();
    // A stream may have been begun while the store answered, from where the log stood before what the answer says.
    if (beginning.size > 0) return undefined;
    const { streams: now } = await store.load();
    return { ...logPositions(now), ...logPositions(durable) };
  } catch (error) {
    log.debug('the durable positions of the log are unknown', { error: String(error) });
    return undefined;
  }
}
