import type { Random } from './random.ts';
import type { World } from './world.ts';
import { writeSomething } from './write-something.ts';

/**
 * How every seed ends: perhaps a run with a stream that fails alone, one that comes to its end, perhaps one that follows the log for longer, and another one. Then nothing
 * may be missing.
 */
export async function calmRuns(world: World, random: Random): Promise<void> {
  const { connection, database, oracle, ids } = world;
  if (random.chance(0.5)) await world.wakeAll();
  await world.killAll();
  world.isCalm = true;
  connection.streams = ids;
  for (const table of database.tables.values()) table.isPoisoned = false;
  if (random.chance(0.5)) await runWithPoison(world, random, random.pick(ids));
  const isOver = async (): Promise<boolean> => (await world.run()).status === 'done';
  if (!(await isOver()) && !(await isOver())) oracle.faults.push('stuck: no run comes to its end');
  if (random.chance(0.5)) await runFollowing(world, random);
  // What the run that was resumed had copied before is as old as that; this one copies everything again.
  await runAnew(world, random.chance(0.3) ? ids : []);
  const state = await world.kept.state();
  if (state !== undefined) oracle.atEnd(world.target.place(connection.place), state, ids);
}

async function runWithPoison({ database, oracle, run }: World, random: Random, id: string): Promise<void> {
  const table = database.tables.get(id);
  if (table === undefined) return;
  writeMore(database, random);
  table.isPoisoned = true;
  const { events } = await run();
  table.isPoisoned = false;
  const finished = events.findLast((event) => event.type === 'finished');
  if (finished === undefined) oracle.faults.push(`no run beside ${id}, which fails`);
  for (const { stream, status } of finished?.streams ?? [])
    if (stream !== id && status !== 'done' && status !== 'skipped')
      oracle.faults.push(`${stream} is ${status} beside ${id}, which fails`);
}

/** Follows the log for some seconds, or without end until a signal comes, which leaves nothing to be resumed once all else is done. */
async function runFollowing({ database, kept, oracle, run }: World, random: Random): Promise<void> {
  writeMore(database, random);
  if (random.chance(0.5)) {
    const { status } = await run({ until: 1 + random.below(10) });
    if (status !== 'done') oracle.faults.push(`stuck: a calm run of some seconds is ${status}`);
    return;
  }
  const { status, events } = await run({ until: 'forever', effects: 100 + random.below(300) });
  const state = await kept.state();
  const isFollowed = (id: string): boolean => {
    const progress = state?.streams[id];
    return progress !== undefined && 'phase' in progress && progress.phase === 'following';
  };
  const finished = events.findLast((event) => event.type === 'finished');
  const isLogLeft = finished?.streams.every(({ stream, status }) => status !== 'stopped' || isFollowed(stream));
  if (status === 'failed' || status === undefined) oracle.faults.push(`a calm run without end is ${status}`);
  if (isLogLeft === true && state?.run !== undefined)
    oracle.faults.push('a run is to be gone on with, with only its log left');
}

function writeMore(database: World['database'], random: Random): void {
  for (let left = 30; left > 0; left--) writeSomething(database, random);
}

async function runAnew({ kept, oracle, run }: World, refresh: readonly string[]): Promise<void> {
  const before = await kept.state();
  const { status } = await run({ refresh });
  const after = await kept.state();
  if (status !== 'done') oracle.faults.push(`stuck: a calm run is ${status}`);
  for (const id of refresh)
    if (before?.streams[id]?.copy === after?.streams[id]?.copy) oracle.faults.push(`${id} was not begun anew`);
}
