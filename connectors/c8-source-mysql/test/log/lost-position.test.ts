// Takes about 20 s.
import type { State } from 'c8connector';
import type { MySqlServer } from 'test-services';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { connectTo, createDatabase, describeServers, execute, type Login } from '../harness.ts';
import { follow } from './followed.ts';
import { edited, idsOf, refusal } from './losing.ts';
import { loginOf, ownServer } from './own-server.ts';

const limit = 120_000;
const tables = ['t'];

describeServers('a position that is lost is refused with its reason', (server) => {
  let own: MySqlServer;
  let login: Login;
  let state: State;

  async function begin(): Promise<void> {
    login = await createDatabase(loginOf(own), ['create table t (id int primary key)']);
    ({ state } = await follow(login, { tables }));
  }

  beforeAll(async () => {
    own = await ownServer(server);
  }, limit);
  afterAll(() => own.stop());

  async function expectLost(reason: RegExp, request: Partial<Parameters<typeof refusal>[1]> = {}): Promise<void> {
    const refused = await refusal(login, { state, ...request });
    expect(refused).toMatchObject({ code: 'log_position_lost', message: expect.stringMatching(reason) });
    expect(refused.details).toMatchObject({ stream: `${login.database}-t` });
    const again = await refusal(login, { state, ...request, config: { on_lost_position: 'resync' } });
    expect(again.details).toMatchObject({ isResync: true });
  }

  const isMaria = server === 'MariaDB';
  type Edit = readonly [reason: RegExp, edit: (text: string) => string];
  const edits: readonly Edit[] = [
    [/the state has no position/, (text) => text.replace(/"log_file":/g, '"file":')],
    ...(isMaria
      ? ([
          [/no longer has the file/, (text) => text.replace(/mysql-bin\.\d+/g, 'mysql-bin.000999')],
          [/ends at \d+, before this position/, (text) => text.replace(/"log_pos":\d+/g, '"log_pos":99999999')],
          [/the log was reset/, (text) => text.replace(/"created":\d+/g, '"created":7')],
          [/does not contain 0-1-9999/, (text) => text.replace(/"gtid":"0-1-\d+/g, '"gtid":"0-1-9999')],
        ] satisfies readonly Edit[])
      : ([
          [
            /lacks transactions that were read/,
            (text) => text.replace(/"gtid":"([^"]+)"/g, '"gtid":"$1,3e11fa47-71ca-11e1-9e33-c80aa9429562:1-5"'),
          ],
        ] satisfies readonly Edit[])),
  ];

  test('for a state that was edited', async () => {
    await begin();
    const right = state;
    for (const [reason, edit] of edits) {
      state = edited(right, edit);
      await expectLost(reason);
    }
  });

  test('after PURGE BINARY LOGS', async () => {
    await begin();
    await execute(login, 'insert into t values (1)', 'flush binary logs');
    // MariaDB keeps a file for a reader that it does not know to be gone.
    await vi.waitFor(
      async () => {
        const files = await filesOf(login);
        await execute(login, `purge binary logs to '${files.at(-1)}'`);
        expect(await filesOf(login)).toHaveLength(1);
      },
      { timeout: 30_000, interval: 500 },
    );
    await expectLost(isMaria ? /no longer has the file/ : /has purged transactions/);
  });

  test('after RESET, also if the new log has a file of the same name that is larger', async () => {
    await begin();
    const reset = isMaria ? 'reset master' : 'reset binary logs and gtids';
    await execute(
      login,
      'insert into t values (1)',
      reset,
      ...Array.from({ length: 50 }, (_, id) => `insert into t values (${id + 10})`),
    );
    await expectLost(/the log was reset|no longer has the file|does not contain|lacks transactions/);
  });

  test.skipIf(isMaria)('but not by GTIDs with tags', async () => {
    await begin();
    await execute(login, `set gtid_next = 'AUTOMATIC:nightly'`, 'insert into t values (1)');
    const first = await follow(login, { tables, state });
    await execute(login, 'insert into t values (2)', `set gtid_next = 'AUTOMATIC:other'`, 'insert into t values (3)');
    const second = await follow(login, { tables, state: first.state });
    expect([idsOf(first.lines('t')), idsOf(second.lines('t'))]).toEqual([[1], [2, 3]]);
    expect(idsOf((await follow(login, { tables, state: second.state })).lines('t'))).toEqual([]);
    expect(JSON.stringify(second.state)).toContain(':nightly:1');
  });

  test(
    'while the log is followed',
    async () => {
      await begin();
      const reading = refusal(login, { state, until: 'forever' });
      await new Promise((resolve) => setTimeout(resolve, 1000));
      await execute(login, 'insert into t values (1)', isMaria ? 'reset master' : 'reset binary logs and gtids').catch(
        () => undefined,
      );
      await execute(login, 'insert into t values (2)', 'flush binary logs', 'insert into t values (3)');
      const refused = await reading;
      expect(refused.code).toBe('log_position_lost');
    },
    limit,
  );
});

async function filesOf(login: Login): Promise<readonly string[]> {
  await using client = await connectTo(login);
  return ((await client.query('show binary logs')) as { Log_name: string }[]).map(({ Log_name }) => Log_name);
}
