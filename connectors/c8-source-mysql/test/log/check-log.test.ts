// Takes about 15 s.
import type { MySqlServer } from 'test-services';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MysqlSource } from '../../c8_source_mysql/index.ts';
import { managedHours, retentionResult } from '../../c8_source_mysql/log/log-retention.ts';
import {
  configOf,
  createDatabase,
  describeServers,
  discoverAll,
  execute,
  type Login,
  rawConfigOf,
  sharedServer,
} from '../harness.ts';
import { made as alterable, drifts, row, rowsOf, whole } from './drifts.ts';
import { follow } from './followed.ts';
import { refusal } from './losing.ts';
import { loginOf, ownServer } from './own-server.ts';

const limit = 120_000;
const made = 'create table t (id int primary key)';

/** The steps of the log in `validate`, each with its status. */
async function logSteps(login: Login, config = {}): Promise<Readonly<Record<string, string>>> {
  const report = await new MysqlSource()
    .validate(rawConfigOf(login, { replication_method: 'LOG_BASED', ...config }))
    .catch((error) => error.report);
  const steps: readonly { id: string; status: string; message: string; remedy?: string }[] = report.steps;
  return Object.fromEntries(
    steps.map(({ id, status, message, remedy }) => [id, `${status}: ${message} ${remedy ?? ''}`]),
  );
}

describeServers('a check of the log', (server) => {
  test('passes on a server whose log can be read', async () => {
    const login = await createDatabase(sharedServer(server), [made]);
    const { log, log_privileges, retention, server_id, clock } = await logSteps(login);
    expect([log, log_privileges, retention, server_id, clock].join('\n')).not.toMatch(/warning|failed/);
    expect((await logSteps(login, { server_id: 1 })).server_id).toMatch(/^warning: .*belongs to the server/);
    expect((await logSteps(login, { server_id: 1_234_567 })).server_id).toMatch(/^passed/);
  });

  test('names the privilege that a user lacks', async () => {
    const shared = sharedServer(server);
    const login = await createDatabase(shared, [made]);
    const user = `check_${login.database}`;
    await execute(shared, `create user ${user} identified by 'x'`, `grant select on ${login.database}.* to ${user}`);
    const reader = { ...login, user, password: 'x' };
    expect((await logSteps(reader)).log_privileges).toMatch(/^failed: .*GRANT (BINLOG MONITOR|REPLICATION CLIENT)/);
    const status = server === 'MariaDB' ? 'binlog monitor' : 'replication client';
    await execute(shared, `grant ${status} on *.* to ${user}`);
    expect((await logSteps(reader)).log_privileges).toMatch(/^failed: .*GRANT REPLICATION SLAVE/);
    await execute(shared, `drop user ${user}`);
  });
});

describeServers('a server of another configuration', (server) => {
  let own: MySqlServer;
  beforeAll(async () => {
    own = await ownServer(server, {
      ...(server === 'MariaDB'
        ? { log_slave_updates: 'OFF' }
        : { log_replica_updates: 'OFF', innodb_native_foreign_keys: 'ON' }),
      binlog_row_metadata: 'MINIMAL',
      binlog_expire_logs_seconds: '7200',
      binlog_ignore_db: 'ignored',
    });
  }, limit);
  afterAll(() => own.stop());

  test('does not offer LOG_BASED for a table whose rows a foreign key changes, since its log lacks such changes', async () => {
    const login = await createDatabase(loginOf(own), [
      'create table p (id int primary key)',
      'create table c (id int primary key, p int, foreign key (p) references p (id) on delete cascade)',
    ]);
    const [child, parent] = await discoverAll(configOf(login));
    expect(child?.replication?.reasons?.LOG_BASED).toMatch(/a foreign key with CASCADE/);
    expect(parent?.replication?.methods).toContain('LOG_BASED');
  });

  test('that does not name the columns in its log is refused after an alteration, and never shifts values', async () => {
    const [drift] = drifts.filter(({ title }) => title === 'names that were swapped');
    if (drift === undefined) throw new Error('no drift');
    const login = await createDatabase(loginOf(own), [alterable]);
    const { state } = await follow(login, { tables: ['t'] });
    await execute(login, row(1), ...drift.alter, drift.after);
    expect((await refusal(login, { state })).remedy).toContain('SET GLOBAL binlog_row_metadata = FULL');
    const again = await createDatabase(loginOf(own), [alterable]);
    const copied = await follow(again, { tables: ['t'] });
    await execute(again, row(1), 'alter table t add index i (a)');
    expect(rowsOf((await follow(again, { tables: ['t'], state: copied.state })).lines('t'))).toEqual([whole(1)]);
  });

  test('of Amazon is asked for its own setting of the retention', async () => {
    const signal = new AbortController().signal;
    const config = configOf(loginOf(own));
    expect(await managedHours(config, signal)).toBeUndefined();
    for (const [value, hours] of [
      ['null', 0],
      [`'72'`, 72],
    ]) {
      await execute(
        loginOf(own),
        'drop procedure if exists mysql.rds_show_configuration',
        `create procedure mysql.rds_show_configuration() select 'binlog retention hours' as name, ${value} as value`,
      );
      expect(await managedHours(config, signal)).toBe(hours);
    }
  });

  test('refuses a table of a database that it does not log', async () => {
    await execute(loginOf(own), 'create database ignored', 'create table ignored.t (id int primary key)');
    const refused = await refusal({ ...loginOf(own), database: 'ignored' }, {});
    expect(refused).toMatchObject({ code: 'method_unsupported', details: { stream: 'ignored-t' } });
    expect(refused.message).toContain('binlog_ignore_db excludes its database');
  });

  test(
    'is warned of what a run would miss, and refused as a replica that does not log what it receives',
    async () => {
      const login = await createDatabase(loginOf(own), [made]);
      const steps = await logSteps(login);
      expect(steps.log).toMatch(/^warning: .*does not name its columns.*SET GLOBAL binlog_row_metadata = FULL/);
      expect(steps.retention).toMatch(/^warning: .*only for 2 hours/);
      expect(steps.log_privileges).toMatch(/^warning: The log lacks statements.*binlog_ignore_db excludes/);
      const { port, password } = sharedServer(server);
      await execute(
        login,
        ...(server === 'MariaDB'
          ? [
              `change master to master_host = '127.0.0.1', master_port = ${port}, master_user = 'root', master_password = '${password}'`,
              'start slave',
            ]
          : [
              `change replication source to source_host = '127.0.0.1', source_port = ${port}, source_user = 'root', source_password = '${password}', get_source_public_key = 1`,
            ]),
      );
      const refused = await refusal(login, {});
      expect(refused).toMatchObject({ code: 'method_unsupported' });
      expect(refused.message).toMatch(/it is a replica, and its log lacks/);
      expect((await logSteps(login)).log).toMatch(/^failed: .*it is a replica/);
    },
    limit,
  );
});

test.each([
  [{ hours: Number.POSITIVE_INFINITY, isManaged: false }, /until it is purged by hand/],
  [{ hours: 24 * 7, isManaged: true }, /for 7 days/],
  [{ hours: 0, isManaged: true }, /as soon as it no longer needs it.*rds_set_configuration\('binlog retention hours'/],
  [{ hours: 1, isManaged: false }, /only for one hour:/],
  [{ hours: 3, isManaged: false }, /only for 3 hours.*binlog_expire_logs_seconds = 604800/],
  [{ hours: 3, isManaged: false, isInDays: true }, /only for 3 hours.*expire_logs_days = 7/],
])('the retention of the log is reported, with what extends it: %o', (retention, text) => {
  const result = retentionResult(retention);
  expect(typeof result === 'string' ? result : `${result?.message} ${result?.remedy}`).toMatch(text);
});
