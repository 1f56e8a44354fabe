import { startCuttingLogProxy } from 'test-services';
import { inject, test } from 'vitest';
import { randomFrom } from './changing-table.ts';
import { cutReaders, killReaders } from './faults.ts';

/** Milliseconds. Generous, for busy machines: only a hanging test takes longer. */
const limit = 180_000;

test(
  'each change comes once, though the reader is killed again and again',
  async () => {
    await killReaders(randomFrom(1), 3);
  },
  limit,
);

test(
  'each change comes once, though the connection breaks after any byte of the log',
  async () => {
    await using proxy = await startCuttingLogProxy(inject('postgres'), 'START_REPLICATION');
    const random = randomFrom(2);
    await cutReaders(random, proxy, [1, 20, 300, 5_000 + random(20_000), 100_000 + random(100_000)]);
  },
  limit,
);
