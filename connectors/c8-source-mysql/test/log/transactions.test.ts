import { expect, test } from 'vitest';
import { createDatabase, describeServers, execute, recordingLog, sharedServer } from '../harness.ts';
import { follow } from './followed.ts';
import { idsOf } from './losing.ts';

const tables = ['t'];
const made = 'create table t (id int primary key, a varchar(20))';

describeServers('a transaction', (server) => {
  const database = (...statements: readonly string[]) => createDatabase(sharedServer(server), [made, ...statements]);

  test.concurrent('of XA is read when it is committed, after what was committed before, and not at all when it is rolled back', async () => {
    const login = await database();
    const copied = await follow(login, { tables });
    await execute(login, `xa start 'one'`, 'insert into t values (1, 0)', `xa end 'one'`, `xa prepare 'one'`);
    await execute(login, `xa start 'two'`, 'insert into t values (2, 0)', `xa end 'two'`, `xa prepare 'two'`);
    await execute(login, 'insert into t values (3, 0)');
    const undecided = await follow(login, { tables, state: copied.state });
    expect(idsOf(undecided.lines('t'))).toEqual([3]);
    const log = recordingLog();
    await follow(login, { tables, state: undecided.state, log });
    expect(log.warnings.join()).toMatch(/XA transaction .* is neither committed nor rolled back/);
    await execute(
      login,
      'insert into t values (4, 0)',
      `xa rollback 'two'`,
      `xa commit 'one'`,
      'insert into t values (5, 0)',
    );
    const decided = await follow(login, { tables, state: undecided.state });
    expect(idsOf(decided.lines('t'))).toEqual([4, 1, 5]);
    expect(idsOf((await follow(login, { tables, state: copied.state })).lines('t'))).toEqual([3, 4, 1, 5]);
    expect(idsOf((await follow(login, { tables, state: decided.state })).lines('t'))).toEqual([]);
  });

  test.concurrent('of XA that was prepared before the table was copied is read at its commit, also from an earlier file', async () => {
    const login = await database();
    await execute(
      login,
      `xa start 'b','c',7`,
      `insert into t values (1, 'x'), (2, 'x')`,
      `xa end 'b','c',7`,
      `xa prepare 'b','c',7`,
    );
    await execute(login, 'flush binary logs', 'insert into t values (3, 0)');
    const copied = await follow(login, { tables });
    expect(idsOf(copied.lines('t'))).toEqual([3]);
    await execute(login, `xa commit 'b','c',7`);
    expect(idsOf((await follow(login, { tables, state: copied.state })).lines('t'))).toEqual([1, 2]);
  });

  test.concurrent('of XA with one phase is read at its commit', async () => {
    const login = await database();
    const { state } = await follow(login, { tables });
    await execute(login, `xa start 'p'`, 'insert into t values (1, 0)', `xa end 'p'`, `xa commit 'p' one phase`);
    await execute(login, 'insert into t values (2, 0)');
    expect(idsOf((await follow(login, { tables, state })).lines('t'))).toEqual([1, 2]);
  });

  test.concurrent('has no rows that were undone, even if temporary tables or tables without transactions were changed as well', async () => {
    const login = await database('create table m (id int) engine = MyISAM');
    const { state } = await follow(login, { tables });
    // MySQL with GTIDs does not allow both in one transaction.
    const others = server === 'MariaDB' ? ['create temporary table x (id int)', 'insert into m values (1)'] : [];
    await execute(
      login,
      ...['begin', 'insert into t values (1, 0)', 'savepoint s', 'insert into t values (2, 0)', ...others],
      ...['savepoint `B`', 'insert into t values (3, 0)', 'rollback to b', 'insert into t values (4, 0)'],
      ...['rollback to savepoint s', 'insert into t values (5, 0)', 'commit'],
      ...['begin', 'insert into t values (6, 0)'],
      ...(server === 'MariaDB' ? ['drop temporary table x'] : []),
      ...['rollback', 'insert into t values (7, 0)'],
    );
    expect(idsOf((await follow(login, { tables, state })).lines('t'))).toEqual([1, 5, 7]);
  });

  test.concurrent('that is large has no rows that were undone either', async () => {
    const login = await database('create table m (id int) engine = MyISAM');
    const { state } = await follow(login, { tables });
    const large = (from: number) =>
      `insert into t with recursive n (id) as (select ${from} union all select id + 1 from n where id < ${from + 39999}) select id, repeat('x', 20) from n`;
    const setting = server === 'MariaDB' ? 'max_recursive_iterations' : 'cte_max_recursion_depth';
    const others = server === 'MariaDB' ? ['create temporary table x (id int)'] : [];
    await execute(
      login,
      ...[`set ${setting} = 1000000`, 'begin', 'insert into t values (1, 0)', 'savepoint s', large(100_000), ...others],
      ...['rollback to s', large(200_000), 'commit'],
      ...['begin', large(300_000), ...(server === 'MariaDB' ? ['drop temporary table x'] : []), 'rollback'],
      'insert into t values (2, 0)',
    );
    const ids = idsOf((await follow(login, { tables, state })).lines('t'));
    expect(ids).toEqual([1, ...Array.from({ length: 40_000 }, (_, index) => 200_000 + index), 2]);
  });

  test.concurrent('of several tables keeps its order within each of them, and a table without transactions is read too', async () => {
    const login = await database('create table m (id int primary key) engine = MyISAM');
    const all = ['t', 'm'];
    const { state } = await follow(login, { tables: all });
    await execute(login, 'insert into m values (1)');
    await execute(login, 'begin', 'insert into t values (1, 0)', 'update t set id = 2', 'commit');
    await execute(login, 'insert into m values (2)', 'delete from m where id = 1');
    const { lines } = await follow(login, { tables: all, state });
    expect(idsOf(lines('t'))).toEqual([1, -1, 2]);
    expect(idsOf(lines('m'))).toEqual([1, 2, -1]);
  });

  test.concurrent('that is compressed in the log is read, and resumed after it', async () => {
    const login = await database();
    const { state } = await follow(login, { tables });
    const [on, off] =
      server === 'MariaDB'
        ? ['set global log_bin_compress = on', 'set global log_bin_compress = off']
        : ['set binlog_transaction_compression = on', 'set binlog_transaction_compression = off'];
    const rows = (from: number) =>
      Array.from({ length: 300 }, (_, index) => `(${from + index}, repeat('x', 20))`).join();
    await execute(
      login,
      on,
      'begin',
      `insert into t values ${rows(1)}`,
      `insert into t values ${rows(1001)}`,
      'commit',
      off,
    );
    const first = await follow(login, { tables, state });
    await execute(login, `insert into t values (5000, 'y')`);
    const second = await follow(login, { tables, state: first.state });
    expect(idsOf(first.lines('t'))).toHaveLength(600);
    expect(idsOf(second.lines('t'))).toEqual([5000]);
    expect(idsOf((await follow(login, { tables, state })).lines('t'))).toHaveLength(601);
  });

  test.concurrent('of CREATE TABLE … SELECT is read for a table that has its name already', async () => {
    const login = await database();
    const { state } = await follow(login, { tables });
    await execute(login, 'create table if not exists u (id int) select id from t', 'insert into t values (1, 0)');
    expect(idsOf((await follow(login, { tables, state })).lines('t'))).toEqual([1]);
  });
});
