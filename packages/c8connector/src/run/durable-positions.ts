import type { Bookmark } from '../interface/state.ts';
import { logPositions } from '../replication/methods.ts';
import type { RunContext } from './run-context.ts';

/**
 * The durable position of each stream of the connection that follows the log or will. Undefined while none may be confirmed, because a stream is being begun or the store cannot answer. The store is
 * asked each time, since another host may have begun a stream.
 */
export async function durablePositions({
  store,
  beginning,
  log,
}: Pick<RunContext, 'store' | 'beginning' | 'log'>): Promise<Readonly<Record<string, Bookmark>> | undefined> {
  if (beginning.size > 0) return undefined;
  try {
    const { streams: durable } = await store.loadDurable();
    // While the store answered, a stream may have been begun from a log position before those in the answer.
    if (beginning.size > 0) return undefined;
    const { streams: now } = await store.load();
    return { ...logPositions(now), ...logPositions(durable) };
  } catch (error) {
    log.debug('the durable positions of the log are unknown', { error: String(error) });
    return undefined;
  }
}
