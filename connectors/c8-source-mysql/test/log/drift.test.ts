import { expect, test } from 'vitest';
import { createDatabase, describeServers, execute, sharedServer } from '../harness.ts';
import { drifts, made, row, rowsOf, whole } from './drifts.ts';
import { follow } from './followed.ts';

const tables = ['t'];

describeServers('an old event', (server) => {
  test.concurrent.each(drifts)(
    'is read by the names and types of its time: $title',
    async ({ alter, after, expected }) => {
      const login = await createDatabase(sharedServer(server), [made]);
      const { state } = await follow(login, { tables });
      await execute(login, row(1), ...alter, after);
      expect(rowsOf((await follow(login, { tables, state })).lines('t'))).toEqual([whole(1), expected]);
    },
  );
});
