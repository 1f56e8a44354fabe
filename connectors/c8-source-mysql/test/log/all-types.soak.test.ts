import type { MySqlServer } from 'test-services';
import { afterAll, beforeAll, test } from 'vitest';
import { describeServers } from '../harness.ts';
import { compareAllTypes } from './all-types.ts';
import { loginOf, ownServer } from './own-server.ts';

const limit = 120_000;

describeServers('rows of all types in a log without names', (server) => {
  let own: MySqlServer;
  beforeAll(async () => {
    own = await ownServer(server, { binlog_row_metadata: server === 'MariaDB' ? 'NO_LOG' : 'MINIMAL' });
  }, limit);
  afterAll(() => own.stop());

  test(
    'are the same as in a copy, with the same schema',
    async () => {
      await compareAllTypes(server, loginOf(own));
    },
    limit,
  );
});
