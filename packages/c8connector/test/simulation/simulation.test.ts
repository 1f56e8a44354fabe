// Takes about 10 s.
import { expect, test } from 'vitest';
import { simulate } from './simulate.ts';

/** `SIMULATION_SEED=17` looks at one seed alone. */
const only = process.env.SIMULATION_SEED;
const seeds = only === undefined ? Array.from({ length: 25 }, (_, seed) => seed) : [Number(only)];

test.each(seeds)('nothing is lost, duplicated or stuck with seed %i', async (seed) => {
  const { faults, digest } = await simulate(seed);
  expect({ seed, faults }).toEqual({ seed, faults: [] });
  // The long tests do that with each seed.
  if (seed % 5 === 0 || only !== undefined) expect((await simulate(seed)).digest).toBe(digest);
});
