import { vi } from 'vitest';
import { changeColumns } from './commit-something.ts';
import { otherPlace, runWithKeptState } from './kept-state.ts';
import type { Random } from './random.ts';
import type { World } from './world.ts';

/** Some runs while everything goes wrong, and the connection is changed between them. */
export async function faultyRuns(world: World, random: Random): Promise<void> {
  const { connection, kept } = world;
  const moving = random.pick([0, 0.15, 0.5]);
  for (let left = 2 + random.below(4); left > 0; left--) {
    connection.streams = drawStreams(world, random);
    if (random.chance(0.1)) {
      await world.killAll();
      kept.lose();
      // A new state counts from the clock, so the versions of the lost one must not be ahead of it.
      vi.advanceTimersByTime(24 * 3600 * 1000);
    }
    changeTables(world, random);
    const refresh = drawRefresh(world, random);
    const isMoving = random.chance(moving);
    if (isMoving && random.chance(0.5)) {
      await runWithKeptState(world, refresh);
      continue;
    }
    if (isMoving) connection.place = otherPlace(connection.place);
    await world.run({ refresh, ...drawUntil(random) });
  }
}

/** Mostly as they are; now and then some leave, and later all are there again and join those that go on. */
function drawStreams({ connection, ids }: World, random: Random): readonly string[] {
  if (connection.streams.length < ids.length && random.chance(0.7)) return ids;
  return random.chance(0.4) ? ids.filter(() => random.chance(0.7)) : connection.streams;
}

function changeTables({ database }: World, random: Random): void {
  for (const table of database.tables.values()) {
    if (random.chance(0.1)) changeColumns(table);
    table.isPoisoned = random.chance(0.1);
  }
}

function drawRefresh({ ids }: World, random: Random): true | readonly string[] | undefined {
  if (random.chance(0.8)) return undefined;
  return random.chance(0.5) ? true : [random.pick(ids)];
}

/** How long the log is followed. */
function drawUntil(random: Random): Pick<Parameters<World['run']>[0] & object, 'until' | 'effects'> {
  if (random.chance(0.35)) return {};
  if (random.chance(0.3)) return { until: 1 + random.below(20) };
  return { until: 'forever', effects: 50 + random.below(600) };
}
