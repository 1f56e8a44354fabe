import { ConnectorError } from '../interface/errors.ts';
import { begin, hasRanges } from '../replication/methods.ts';
import type { Claim } from '../state/state-store.ts';
import { isPlanned } from './plan.ts';
import type { UnitRequest } from './run-context.ts';

/** Begins a stream anew: a new version from the store, kept before anything is read. Touches no target. */
export async function beginStream(
  request: Pick<UnitRequest, 'unit' | 'session' | 'streams' | 'store' | 'run' | 'stop' | 'log'>,
  { state, epoch }: Claim,
): Promise<void> {
  const { unit, session, streams, store, run, stop, log } = request;
  if (!isPlanned(unit, streams, state, run)) return;
  const stream = streams.find(({ id }) => unit.streams.includes(id));
  if (stream === undefined)
    throw new ConnectorError(`no stream belongs to the unit '${unit.id}'`, { code: 'unexpected' });
  if (Object.hasOwn(state.rest.bookmarks ?? {}, stream.id))
    log.warn(`stream '${stream.id}': its state cannot be gone on with, so it is read from its beginning`);
  const version = await store.version(unit.id, epoch);
  const parts = hasRanges(stream.replication)
    ? await session?.partitions?.(stream.id, { signal: stop.soft, log })
    : undefined;
  await store.put(unit.id, epoch, stream.id, begin(stream.replication, version, parts));
}
