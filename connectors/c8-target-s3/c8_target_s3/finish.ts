import type { RunIdentity } from 'c8connector';
import { openChain, type Room } from './chain.ts';
import { fence } from './fence.ts';
import { inLanes } from './lanes.ts';
import { deleteLeft, type FoundObject, findLeft, unnamedOf } from './left-objects.ts';
import { manifestFolder } from './manifest.ts';
import type { ObjectName } from './object-name.ts';

const parallelUnits = 8;

/**
 * Deletes all objects that the units of these streams wrote under an epoch lower than that of `run` and that no manifest names. First fences writers that could still commit some of them. None of these
 * streams may be written meanwhile.
 */
export async function finish(room: Room, run: RunIdentity, streams: readonly string[]): Promise<void> {
  const isWanted = (name: ObjectName) => name.epoch < run.epoch;
  const left = await findLeft(room, { connection: run.connection, streams, isWanted });
  const units = new Map<string, FoundObject[]>();
  for (const object of left) units.set(object.name.unit, [...(units.get(object.name.unit) ?? []), object]);
  await inLanes([...units], parallelUnits, ([unit, objects]) => finishUnit(room, run, unit, objects));
}

async function finishUnit(room: Room, run: RunIdentity, unit: string, objects: readonly FoundObject[]): Promise<void> {
  const chain = await openChain(room, `${manifestFolder(run.connection)}${unit}/`);
  const unnamed = await unnamedOf(room, chain, objects);
  const { last } = chain;
  if (unnamed.length === 0 || last === undefined) return;
  // After a manifest with a higher epoch, the writer can no longer commit.
  const isFenced = unnamed.every(({ name }) => name.epoch < last.epoch);
  if (isFenced) return await deleteLeft(room, unnamed);
  const fenced = await fence(room, { ...run, unit: last.unit }, (now) => ({
    generation: now?.generation ?? 0,
    state: now?.state,
  }));
  await deleteLeft(room, await unnamedOf(room, fenced, unnamed));
}
