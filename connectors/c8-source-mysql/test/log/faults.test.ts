// Takes about 15 s.

import { startCuttingLogProxy } from 'test-services';
import { test } from 'vitest';
import { describeServers, sharedServer } from '../harness.ts';
import { randomFrom } from './changing-table.ts';
import { cutReaders, killReaders } from './faults.ts';

/** Milliseconds. Generous, for busy machines: only a hanging test takes longer. */
const limit = 180_000;

describeServers('each change comes once', (server) => {
  test(
    'though the reader is killed again and again',
    async () => {
      await killReaders(sharedServer(server), randomFrom(1), 1);
    },
    limit,
  );

  test(
    'though the connection breaks after any byte of the log',
    async () => {
      const shared = sharedServer(server);
      await using proxy = await startCuttingLogProxy(shared, 'heartbeat_period');
      const random = randomFrom(2);
      await cutReaders(shared, random, proxy, [1, 300, 5_000 + random(20_000), 60_000 + random(60_000)]);
    },
    limit,
  );
});
