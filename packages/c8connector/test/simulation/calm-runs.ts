import type { Random } from './random.ts';
import type { World } from './world.ts';

/** How every seed ends: perhaps a run with a stream that fails alone, one that comes to its end, and another one. Then nothing may be missing. */
export async function calmRuns(world: World, random: Random): Promise<void> {
  const { connection, database, oracle, ids } = world;
  if (random.chance(0.5)) await world.wakeAll();
  await world.killAll();
  world.isCalm = true;
  connection.streams = ids;
  for (const table of database.tables.values()) table.isPoisoned = false;
  if (random.chance(0.5)) await runWithPoison(world, random.pick(ids));
  const isOver = async (): Promise<boolean> => (await world.run()).status === 'done';
  if (!(await isOver()) && !(await isOver())) oracle.faults.push('stuck: no run comes to its end');
  // What the run that was gone on with had copied before is as old as that; this one copies everything anew.
  await runAnew(world, random.chance(0.3) ? ids : []);
  const state = await world.kept.state();
  if (state !== undefined) oracle.atEnd(world.target.place(connection.place), state, ids);
}

async function runWithPoison({ database, oracle, run }: World, id: string): Promise<void> {
  const table = database.tables.get(id);
  if (table === undefined) return;
  table.isPoisoned = true;
  const { events } = await run();
  table.isPoisoned = false;
  const finished = events.findLast((event) => event.type === 'finished');
  if (finished === undefined) oracle.faults.push(`no run beside ${id}, which fails`);
  for (const { stream, status } of finished?.streams ?? [])
    if (stream !== id && status !== 'done' && status !== 'skipped')
      oracle.faults.push(`${stream} is ${status} beside ${id}, which fails`);
}

async function runAnew({ kept, oracle, run }: World, refresh: readonly string[]): Promise<void> {
  const before = await kept.state();
  const { status } = await run({ refresh });
  const after = await kept.state();
  if (status !== 'done') oracle.faults.push(`stuck: a calm run is ${status}`);
  for (const id of refresh)
    if (before?.streams[id]?.copy === after?.streams[id]?.copy) oracle.faults.push(`${id} was not begun anew`);
}
