// Takes about 300 s.
import { test } from 'vitest';
import { describeServers } from '../harness.ts';
import { killWhileWritten } from './kill-while-written.ts';
import { ways } from './killed-copies.ts';

const seeds = Array.from({ length: 6 }, () => Math.floor(Math.random() * 2 ** 31));

describeServers('a copy that is killed again and again', (server) => {
  test.each(seeds.flatMap((seed) => Object.entries(ways).map(([name, way]) => [name, seed, way] as const)))(
    '%s has all rows of the table (seed %i)',
    async (_name, seed, way) => {
      console.log(`seed ${seed}`);
      await killWhileWritten(server, way, { seed, kills: 6 });
    },
    300_000,
  );
});
