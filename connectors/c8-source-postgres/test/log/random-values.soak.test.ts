// Takes about 30 s.
import { test } from 'vitest';
import { compareWays } from './random-values.ts';

const seed = Number(process.env.C8_VALUES_SEED ?? Math.floor(Math.random() * 2 ** 31));

test.each(Array.from({ length: 10 }, (_, index) => seed + index))(
  'a value is the same from a copy, the log and a read by key, for random rows of C8_VALUES_SEED=%i',
  async (each) => {
    await compareWays(each, 10);
  },
  120_000,
);
