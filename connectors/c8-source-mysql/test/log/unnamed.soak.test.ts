import type { MySqlServer } from 'test-services';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDatabase, describeServers, execute, type Login } from '../harness.ts';
import { drifts, made, row, rowsOf, whole } from './drifts.ts';
import { follow } from './followed.ts';
import { refusal } from './losing.ts';
import { loginOf, ownServer } from './own-server.ts';

const limit = 120_000;
const tables = ['t'];

describeServers('an old event of a log without names', (server) => {
  let own: MySqlServer;
  let login: Login;
  beforeAll(async () => {
    own = await ownServer(server, { binlog_row_metadata: server === 'MariaDB' ? 'NO_LOG' : 'MINIMAL' });
  }, limit);
  afterAll(() => own.stop());

  test.each(drifts)('is refused after an alteration, and never shifted: $title', async ({ alter, after }) => {
    login = await createDatabase(loginOf(own), [made]);
    const { state } = await follow(login, { tables });
    await execute(login, row(1), ...alter, after);
    expect(await refusal(login, { state })).toMatchObject({
      code: 'log_position_lost',
      message: expect.stringContaining('does not name its columns'),
      remedy: expect.stringContaining('SET GLOBAL binlog_row_metadata = FULL'),
      details: { stream: `${login.database}-t` },
    });
  });

  test('is refused after an alteration that was undone', async () => {
    login = await createDatabase(loginOf(own), [made]);
    const { state } = await follow(login, { tables });
    const swap = (one: string, other: string) => `alter table t change ${one} ${other} varchar(20)`;
    await execute(login, swap('a', 'z'));
    const passed = await follow(login, { tables, state });
    await execute(login, row(1), swap('z', 'a'), row(2));
    for (const before of [state, passed.state])
      expect((await refusal(login, { state: before })).message).toContain('the table was altered');
  });

  test('is read by the order of the columns if they are still the same', async () => {
    login = await createDatabase(loginOf(own), [made]);
    const { state } = await follow(login, { tables });
    await execute(
      login,
      row(1),
      'alter table t add index i (a), drop primary key, add primary key (id), add unique (b)',
      'create index j on t (b)',
      `insert into t values (2, null, null, 'x')`,
    );
    expect(rowsOf((await follow(login, { tables, state })).lines('t'))).toEqual([
      whole(1),
      { id: 2, a: null, b: null, c: 'x' },
    ]);
  });

  test('is read by names from when the log has them', async () => {
    login = await createDatabase(loginOf(own), [made]);
    const { state } = await follow(login, { tables });
    await execute(login, 'set global binlog_row_metadata = FULL');
    await execute(login, row(1), 'alter table t drop column a', `insert into t values (2, 7, 'x')`);
    await execute(login, `set global binlog_row_metadata = ${server === 'MariaDB' ? 'NO_LOG' : 'MINIMAL'}`);
    expect(rowsOf((await follow(login, { tables, state })).lines('t'))).toEqual([whole(1), { id: 2, b: 7, c: 'x' }]);
  });
});
