// Takes about 180 s.
import { test } from 'vitest';
import { killWhileWritten } from './kill-while-written.ts';
import { ways } from './killed-copies.ts';

const seeds = Array.from({ length: 6 }, () => Math.floor(Math.random() * 2 ** 31));

test.each(seeds.flatMap((seed) => Object.entries(ways).map(([name, way]) => [name, seed, way] as const)))(
  'a table that is copied %s has all its rows, though the copy is killed again and again (seed %i)',
  async (_name, seed, way) => {
    console.log(`seed ${seed}`);
    await killWhileWritten(way, { seed, kills: 6 });
  },
  300_000,
);
