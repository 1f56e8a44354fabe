// Takes about 20 s.
import type { MySqlServer } from 'test-services';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDatabase, describeServers, execute, type Login, sharedServer } from '../harness.ts';
import { follow } from './followed.ts';
import { refusal } from './losing.ts';
import { loginOf, startOwn } from './own-server.ts';

const limit = 120_000;
const tables = ['t'];
const made = `create table t (id int primary key, a varchar(20), b int unsigned, c enum('x','y'))`;
const row = (id: number) => `insert into t values (${id}, 'one', 4000000000, 'y')`;
const whole = (id: number) => ({ id, a: 'one', b: 4000000000, c: 'y' });

interface Drift {
  readonly title: string;
  readonly alter: readonly string[];
  readonly after: string;
  readonly expected: Readonly<Record<string, unknown>>;
}

const drifts: readonly Drift[] = [
  {
    title: 'a dropped column',
    alter: ['alter table t drop column a'],
    after: `insert into t values (2, 7, 'x')`,
    expected: { id: 2, b: 7, c: 'x' },
  },
  {
    title: 'a column in the middle',
    alter: ['alter table t add column m int after id'],
    after: `insert into t values (2, 5, 'a', 7, 'x')`,
    expected: { id: 2, m: 5, a: 'a', b: 7, c: 'x' },
  },
  {
    title: 'a renamed column',
    alter: ['alter table t change b d int unsigned'],
    after: `insert into t values (2, 'a', 7, 'x')`,
    expected: { id: 2, a: 'a', d: 7, c: 'x' },
  },
  {
    title: 'names that were swapped',
    alter: ['alter table t change a b varchar(20), change b a int unsigned'],
    after: `insert into t (id, a, b) values (2, 7, 'b')`,
    expected: { id: 2, a: 7, b: 'b', c: null },
  },
  {
    title: 'another order',
    alter: ['alter table t modify b int unsigned first'],
    after: `insert into t (id, b) values (2, 7)`,
    expected: { id: 2, a: null, b: 7, c: null },
  },
  {
    title: 'another type',
    alter: ['alter table t modify b varchar(30)', 'alter table t modify a text'],
    after: `insert into t values (2, 'a', 'seven', 'x')`,
    expected: { id: 2, a: 'a', b: 'seven', c: 'x' },
  },
  {
    title: 'other labels',
    alter: [`alter table t modify c enum('z','y','x')`],
    after: `insert into t values (2, 'a', 7, 'z')`,
    expected: { id: 2, a: 'a', b: 7, c: 'z' },
  },
  {
    title: 'a column that is dropped and added again',
    alter: ['alter table t drop column b', 'alter table t add column b varchar(9) after a'],
    after: `insert into t values (2, 'a', 'b', 'x')`,
    expected: { id: 2, a: 'a', b: 'b', c: 'x' },
  },
];

function rowsOf(lines: readonly string[]): readonly unknown[] {
  return lines.map((line) => {
    const { _sdc_deleted_at: _, ...own } = JSON.parse(line);
    return own;
  });
}

describeServers('an old event', (server) => {
  test.each(drifts)('is read by the names and types of its time: $title', async ({ alter, after, expected }) => {
    const login = await createDatabase(sharedServer(server), [made]);
    const { state } = await follow(login, { tables });
    await execute(login, row(1), ...alter, after);
    expect(rowsOf((await follow(login, { tables, state })).lines('t'))).toEqual([whole(1), expected]);
  });

  describe('of a log without names', () => {
    let own: MySqlServer;
    let login: Login;
    beforeAll(async () => {
      own = await startOwn(server, { binlog_row_metadata: server === 'MariaDB' ? 'NO_LOG' : 'MINIMAL' });
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
});
