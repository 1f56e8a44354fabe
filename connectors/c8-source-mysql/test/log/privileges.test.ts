import { expect, test } from 'vitest';
import { createDatabase, describeServers, execute, sharedServer } from '../harness.ts';
import { follow } from './followed.ts';
import { refusal } from './losing.ts';

describeServers('a user who may read only some columns', (server) => {
  test('gets only these from the log too, also after a privilege was revoked', async () => {
    const shared = sharedServer(server);
    const login = await createDatabase(shared, [
      'create table t (secret int primary key, a int, b int)',
      'insert into t values (1, 1, 1)',
    ]);
    const user = `c_${login.database}`;
    await execute(
      login,
      `create user ${user} identified by 'x'`,
      `grant select (a, b) on t to ${user}`,
      `grant replication slave, replication client on *.* to ${user}`,
    );
    const reader = { ...login, user, password: 'x' };
    if (server === 'MariaDB') {
      const refused = await refusal(reader, { tables: ['t'] });
      expect(refused.message).toContain('the user may read only some of its columns');
    } else {
      const { state, catalog } = await follow(reader, { tables: ['t'] });
      await execute(login, 'update t set a = 2');
      const second = await follow(reader, { tables: ['t'], state, catalog });
      expect(second.lines('t')).toEqual([
        expect.stringMatching(/^\{"a":1,"b":1,"_sdc_deleted_at":"/),
        '{"a":2,"b":1,"_sdc_deleted_at":null}',
      ]);
      await execute(login, 'update t set a = 3', `revoke select (b) on t from ${user}`);
      const third = await follow(reader, { tables: ['t'], state: second.state });
      expect(third.lines('t')).toContain('{"a":3,"_sdc_deleted_at":null}');
    }
    await execute(login, `drop user ${user}`);
  });
});
