import { createHash } from 'node:crypto';
import { vi } from 'vitest';
import { calmRuns } from './calm-runs.ts';
import { drawWorld } from './draw-world.ts';
import { faultyRuns } from './faulty-runs.ts';
import { loggedRows } from './logged-rows.ts';
import { shownRows } from './place.ts';
import { type Random, randomOf } from './random.ts';
import { newWorld, type World, type WorldOptions } from './world.ts';

/** What came of a seed. */
export interface SimulationResult {
  /** What must never be; empty when all is well. */
  readonly faults: readonly string[];
  /** Of all effects, the state and the rows: the same for the same seed. */
  readonly digest: string;
  /** All effects, to look at. */
  readonly log: readonly string[];
  /** Streams that had to be copied again, since the log from where they were was forgotten. */
  readonly lostPositions: readonly string[];
}

/** Simulates one seed: some runs while everything goes wrong, then calm ones. */
export async function simulate(seed: number): Promise<SimulationResult> {
  const random = randomOf(seed);
  return await inWorld(drawWorld(random), async (world) => {
    await faultyRuns(world, random);
    await calmRuns(world, random);
  });
}

/** Makes a world in which no time passes by itself, and does something there. What that throws is a fault too. */
export async function inWorld(options: WorldOptions, act: (world: World) => Promise<void>): Promise<SimulationResult> {
  return await inSimulatedTime(options.random, async () => {
    const world = newWorld(options);
    const { oracle, effects } = world;
    try {
      await act(world);
    } catch (error) {
      oracle.faults.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
    }
    const { lostPositions } = world;
    return { faults: oracle.faults, digest: await digestOf(world), log: effects.log, lostPositions };
  });
}

const beginning = Date.UTC(2030, 0, 1);

/** Does something while no time passes by itself, and the chance of the runtime's own is that of a seed. */
async function inSimulatedTime<T>(random: Random, act: () => Promise<T>): Promise<T> {
  const toFake = ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'] as const;
  vi.useFakeTimers({ now: beginning, toFake: [...toFake] });
  const chance = vi.spyOn(Math, 'random').mockImplementation(random.next);
  try {
    return await act();
  } finally {
    chance.mockRestore();
    vi.useRealTimers();
  }
}

async function digestOf({ target, connection, database, kept, effects }: World): Promise<string> {
  const place = target.place(connection.place);
  const rows = [...database.tables.values()].map(({ id, kind }) =>
    kind.method === 'LOG_BASED' ? [...loggedRows(place, id).values()] : [...shownRows(place, id).values()],
  );
  const streams = (await kept.state())?.streams;
  const withoutRun = JSON.stringify([rows, streams], (key, value) => {
    if (key === 'run') return undefined;
    return typeof value === 'bigint' ? String(value) : value;
  });
  return createHash('sha256').update(withoutRun).update(effects.log.join('\n')).digest('hex');
}
