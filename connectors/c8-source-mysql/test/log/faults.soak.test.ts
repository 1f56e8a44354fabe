import { startCuttingLogProxy } from 'test-services';
import { test } from 'vitest';
import { describeServers, sharedServer } from '../harness.ts';
import { randomFrom } from './changing-table.ts';
import { cutReaders, killReaders } from './faults.ts';

const limit = 1_200_000;

describeServers('each change comes once', (server) => {
  test(
    'though the reader is killed thirty times',
    async () => {
      await killReaders(sharedServer(server), randomFrom(Date.now()), 30);
    },
    limit,
  );

  test(
    'though the connection breaks after each of many bytes of the log',
    async () => {
      const shared = sharedServer(server);
      await using proxy = await startCuttingLogProxy(shared, 'heartbeat_period');
      const random = randomFrom(Date.now());
      const bytes = Array.from({ length: 60 }, (_, index) => 1 + index * random(400) + random(1000));
      await cutReaders(shared, random, proxy, bytes);
    },
    limit,
  );
});
