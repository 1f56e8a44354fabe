import { expect, test } from 'vitest';
import { createDatabase, describeServers, execute, sharedServer } from '../harness.ts';
import { beginWhileChanging } from './begun.ts';
import { follow } from './followed.ts';
import { idsOf, refusal } from './losing.ts';

const limit = 120_000;
const made = 'create table t (id int primary key)';

describeServers('the beginning of a log', (server) => {
  test('loses nothing while others commit', async () => await beginWhileChanging(sharedServer(server), 2), limit);

  test('is refused to a user who may not read the log, or not see its state, with the privilege', async () => {
    const shared = sharedServer(server);
    const login = await createDatabase(shared, [made]);
    const user = `log_${login.database}`;
    await execute(shared, `create user ${user} identified by 'x'`, `grant select on ${login.database}.* to ${user}`);
    const reader = { ...login, user, password: 'x' };
    const status = server === 'MariaDB' ? 'BINLOG MONITOR' : 'REPLICATION CLIENT';
    expect(await refusal(reader, {})).toMatchObject({ code: 'access_denied', remedy: expect.stringContaining(status) });
    await execute(shared, `grant ${status} on *.* to ${user}`);
    expect(await refusal(reader, {})).toMatchObject({
      code: 'access_denied',
      remedy: expect.stringContaining('REPLICATION SLAVE'),
    });
    await execute(shared, `grant replication slave on *.* to ${user}`);
    const { state } = await follow(reader, { tables: ['t'] });
    await execute(login, 'insert into t values (1)');
    expect(idsOf((await follow(reader, { tables: ['t'], state })).lines('t'))).toEqual([1]);
    await execute(shared, `drop user ${user}`);
  });
});
