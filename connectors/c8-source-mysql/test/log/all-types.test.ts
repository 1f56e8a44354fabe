// Takes about 10 s.
import { test } from 'vitest';
import { describeServers, sharedServer } from '../harness.ts';
import { compareAllTypes } from './all-types.ts';

describeServers('rows of all types', (server) => {
  test('are the same in the log as in a copy, with the same schema', async () => {
    await compareAllTypes(server, sharedServer(server));
  }, 60_000);
});
