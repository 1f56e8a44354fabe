import { ConnectorError } from '../interface/errors.ts';
import { begin } from '../replication/methods.ts';
import type { Claim } from '../state/state-store.ts';
import { isPlanned } from './plan.ts';
import type { UnitRequest } from './run-context.ts';

/** Begins a stream anew: a new version from the store, kept before anything is read. Touches no target. */
export async function beginStream(
  { unit, streams, store, run, log }: Pick<UnitRequest, 'unit' | 'streams' | 'store' | 'run' | 'log'>,
  { state, epoch }: Claim,
): Promise<void> {
  if (!isPlanned(unit, streams, state, run)) return;
  const stream = streams.find(({ id }) => unit.streams.includes(id));
  if (stream === undefined)
    throw new ConnectorError(`no stream belongs to the unit '${unit.id}'`, { code: 'unexpected' });
  if (Object.hasOwn(state.rest.bookmarks ?? {}, stream.id))
    log.warn(`stream '${stream.id}': its state cannot be gone on with, so it is read from its beginning`);
  const version = await store.version(unit.id, epoch);
  await store.put(unit.id, epoch, stream.id, begin(stream.replication, version));
}
