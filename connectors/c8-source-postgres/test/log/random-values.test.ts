import { test } from 'vitest';
import { compareWays } from './random-values.ts';

const seed = Math.floor(Math.random() * 2 ** 31);

test(`a value is the same from a copy, the log and a read by key, for random rows of the seed ${seed}`, async () => {
  await compareWays(seed, 6);
});
