import { createHash } from 'node:crypto';
import { vi } from 'vitest';
import { type FaultRates, faultsOf } from './faults.ts';
import { shownRows } from './place.ts';
import { type Random, randomOf } from './random.ts';
import { newWorld, type World } from './world.ts';

/** What came of a seed. */
export interface SimulationResult {
  /** What must never be; empty when all is well. */
  readonly faults: readonly string[];
  /** The same for the same seed: of all effects, the state and the rows. */
  readonly digest: string;
  /** All effects, to look at. */
  readonly log: readonly string[];
}

/** The one thing that is not simulated: where time begins. */
const beginning = Date.UTC(2030, 0, 1);

/** Runs an action in which no time passes by itself, and chance is that of the seed. */
async function inSimulatedTime<T>(random: Random, act: () => Promise<T>): Promise<T> {
  vi.useFakeTimers({
    now: beginning,
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'],
  });
  const chance = vi.spyOn(Math, 'random').mockImplementation(random.next);
  try {
    return await act();
  } finally {
    chance.mockRestore();
    vi.useRealTimers();
  }
}

/** Simulates one seed: some runs while everything goes wrong, then calm ones, after which nothing may be missing. */
export async function simulate(seed: number): Promise<SimulationResult> {
  const random = randomOf(seed);
  return await inSimulatedTime(random, async () => {
    const world = drawWorld(random);
    try {
      await faultyRuns(world, random);
      await calmRuns(world, random);
    } catch (error) {
      world.oracle.faults.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
    }
    return { faults: world.oracle.faults, digest: await digestOf(world), log: world.effects.log };
  });
}

function drawWorld(random: Random): World {
  const store = random.pick(['shared', 'file'] as const);
  const rates: FaultRates = {
    kill: random.pick([0, 0.005, 0.02]),
    error: random.pick([0, 0.01, 0.03]),
    // Of a file there is one host at a time: its lock is that of a living one.
    pause: store === 'shared' ? random.pick([0, 0.01, 0.03]) : 0,
    pausesAt: random.pick([
      'claim',
      'store',
      'version',
      'page',
      'list',
      'marker',
      'put',
      'manifest',
      'commit',
      'append',
    ]),
    stop: random.pick([0, 0.003]),
  };
  const lateness = random.pick([0, 0, 3000, 20_000]);
  const hasHighest = random.chance(0.7);
  return newWorld({
    random,
    target: random.pick(['appending', 'transactional', 'objects'] as const),
    store,
    tables: {
      pages: { method: 'FULL_TABLE', bookmarks: random.pick(['all', 'some']) },
      sorted: { method: 'INCREMENTAL', isSorted: true, bookmarks: random.pick(['all', 'some', 'none']) },
      unsorted: { method: 'INCREMENTAL', bookmarks: 'none' },
      whole: { method: 'FULL_TABLE', bookmarks: 'none' },
    },
    flush: { rows: random.pick([1, 3, 6, 1000]), age: random.pick([0.5, 60]) },
    pageRows: random.pick([1, 3, 7]),
    hasHighest,
    lateness,
    stepMilliseconds: random.pick([20, 40, 300]),
    writing: random.pick([0.05, 0.2, 0.6]),
    skew: random.pick([0, 3000, 100_000]),
    precision: hasHighest ? 1000 : 1,
    faultAt: faultsOf(random, rates),
  });
}

async function faultyRuns(world: World, random: Random): Promise<void> {
  const moving = random.pick([0, 0.15, 0.5]);
  let isDone = false;
  for (let left = 2 + random.below(4); left > 0; left--) {
    await changeConnection(world, random);
    const keepsState = await move(world, random, { moving, isDone });
    const refresh = random.chance(0.2) ? (random.chance(0.5) ? true : [random.pick(all)]) : undefined;
    const { status } = await world.run({ refresh, keepsState });
    isDone = status === 'done';
  }
}

const all = ['pages', 'sorted', 'unsorted', 'whole'] as const;

/** What an operator may change between two runs. */
async function changeConnection(world: World, random: Random): Promise<void> {
  const { connection, database } = world;
  if (random.chance(0.3)) connection.streams = all.filter(() => random.chance(0.7));
  if (random.chance(0.1)) {
    await world.killAll();
    world.kept.lose();
    // Whoever lost a state may not have had a clock that was days ahead.
    vi.advanceTimersByTime(24 * 3600 * 1000);
  }
  for (const table of database.tables.values()) {
    if (random.chance(0.1)) table.hasExtraColumn = !table.hasExtraColumn;
    table.isPoisoned = random.chance(0.1);
  }
}

/** Makes the target write elsewhere. Resolves with whether somebody copied there what was written before, which is done when nothing is under way. */
async function move(
  world: World,
  random: Random,
  { moving, isDone }: { moving: number; isDone: boolean },
): Promise<boolean> {
  const { connection, target } = world;
  if (!random.chance(moving)) return false;
  const from = connection.place;
  connection.place = from === 'A' ? 'B' : 'A';
  if (!random.chance(0.3) || !(isDone || process.env.ANYMOVE)) return false;
  await world.killAll();
  target.movePlace(from, connection.place);
  return true;
}

/** Every seed ends well: a stream that fails alone, then a run that comes to its end, then another one. */
async function calmRuns(world: World, random: Random): Promise<void> {
  const { connection, database, oracle } = world;
  if (random.chance(0.5)) await world.wakeAll();
  await world.killAll();
  world.isCalm = true;
  connection.streams = all;
  for (const table of database.tables.values()) table.isPoisoned = false;
  if (random.chance(0.5)) await runWithPoison(world, random.pick(all));
  const isOver = async (): Promise<boolean> => (await world.run()).status === 'done';
  if (!(await isOver()) && !(await isOver())) oracle.faults.push('stuck: no run comes to its end');
  await checkRefresh(world, random);
  const state = await world.kept.state();
  if (state !== undefined) oracle.atEnd(world.target.place(connection.place), state, all);
}

async function runWithPoison(world: World, id: string): Promise<void> {
  const table = world.database.tables.get(id);
  if (table === undefined) return;
  table.isPoisoned = true;
  const { events } = await world.run();
  table.isPoisoned = false;
  const finished = events.findLast((event) => event.type === 'finished');
  for (const { stream, status } of finished?.streams ?? [])
    if (stream !== id && status !== 'done' && status !== 'skipped')
      world.oracle.faults.push(`${stream} is ${status} beside ${id}, which fails`);
}

async function checkRefresh(world: World, random: Random): Promise<void> {
  const refresh = random.chance(0.3) ? all : [];
  const before = await world.kept.state();
  const { status } = await world.run({ refresh });
  const after = await world.kept.state();
  if (status !== 'done') world.oracle.faults.push(`stuck: a calm run is ${status}`);
  for (const stream of refresh)
    if (before?.streams[stream]?.copy === after?.streams[stream]?.copy)
      world.oracle.faults.push(`${stream} was not begun anew`);
}

async function digestOf(world: World): Promise<string> {
  const place = world.target.place(world.connection.place);
  const rows = all.map((stream) => [...shownRows(place, stream).values()]);
  const streams = (await world.kept.state())?.streams;
  const withoutRun = JSON.stringify([rows, streams], (key, value) => (key === 'run' ? undefined : value));
  return createHash('sha256').update(withoutRun).update(world.effects.log.join('\n')).digest('hex');
}
