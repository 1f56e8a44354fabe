// Takes about 350 s.

import { startCuttingLogProxy } from 'test-services';
import { inject, test } from 'vitest';
import { randomFrom } from './changing-table.ts';
import { cutReaders, killReaders } from './faults.ts';

const seed = Number(process.env.C8_LOG_SEED ?? Date.now() % 1_000_000);
/** In the title, so that a failure can be reproduced with C8_LOG_SEED. */
const named = `with the seed ${seed}`;

test(`each change comes once, though the reader is killed a hundred times, ${named}`, {
  timeout: 900_000,
}, async () => {
  await killReaders(randomFrom(seed), 100);
});

test(`each change comes once, though the connection breaks two hundred times, ${named}`, {
  timeout: 900_000,
}, async () => {
  await using proxy = await startCuttingLogProxy(inject('postgres'), 'START_REPLICATION');
  const random = randomFrom(seed + 1);
  const bytes = Array.from({ length: 200 }, () => (random(4) === 0 ? random(200_000) : random(5_000)));
  await cutReaders(random, proxy, bytes);
});
