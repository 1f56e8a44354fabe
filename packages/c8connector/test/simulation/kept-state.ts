import { isC8Error } from '../../src/index.ts';
import { placeOf } from '../../src/run/place.ts';
import { newHost } from './host.ts';
import type { HostRun } from './host-run.ts';
import type { World } from './world.ts';

export function otherPlace(place: string): string {
  return place === 'A' ? 'B' : 'A';
}

/**
 * A run at the other place with the state kept, since somebody copied there what is at this one, whatever became of the run before. A state that something is unfinished of is to be refused,
 * and no other: then the run is made at this place.
 */
export async function runWithKeptState(world: World, refresh: true | readonly string[] | undefined): Promise<HostRun> {
  const { connection, target, kept, oracle, run } = world;
  await world.killAll();
  const state = await kept.state();
  const from = connection.place;
  // A host that woke up late may have gone to another place than the connection has now.
  if (state?.place !== placeOf(target.connect(newHost(0, 0)), { place: from })) return await run({ refresh });
  connection.place = otherPlace(from);
  target.movePlace(from, connection.place);
  const moved = await run({ refresh, keepsState: true });
  const isRefused = isC8Error(moved.error) && moved.error.code === 'state_unfinished';
  const isBegun = moved.events.length > 0;
  const isCopying = Object.values(state.streams).some((progress) => 'ranges' in progress);
  if (isBegun && state.run !== undefined) oracle.faults.push('the state of an interrupted run was kept');
  if (isRefused && state.run === undefined && !isCopying) oracle.faults.push('the state of a whole run was refused');
  if (!isRefused) return moved;
  connection.place = from;
  return await run({ refresh });
}
