// Takes about 150 s.
import { expect, test } from 'vitest';
import { simulate } from './simulate.ts';

const first = 1000;
const seeds = 1000;
/** Seeds of one test: its time-out shows how they get on. */
const part = 100;

test.each(Array.from({ length: seeds / part }, (_, index) => first + index * part))(
  `nothing is lost, twice or stuck under ${part} seeds from %i on, each twice`,
  async (from) => {
    for (let seed = from; seed < from + part; seed += 1) {
      const { faults, digest } = await simulate(seed);
      expect({ seed, faults }).toEqual({ seed, faults: [] });
      expect((await simulate(seed)).digest, `seed ${seed} twice`).toBe(digest);
    }
  },
  240_000,
);
