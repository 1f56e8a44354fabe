import type { ValidationReport } from 'c8connector';
import { beforeAll, expect, test, vi } from 'vitest';
import { MysqlSource } from '../c8_source_mysql/index.ts';
import {
  connectionsOfUser,
  createDatabase,
  describeServers,
  execute,
  type Login,
  rawConfigOf,
  sharedServer,
} from './harness.ts';

describeServers('validate', (server) => {
  let database: Login;
  let users: Readonly<Record<'half' | 'partial' | 'stranger' | 'writer', string>>;

  beforeAll(async () => {
    database = await createDatabase(sharedServer(server), [
      'create table a (id int, secret int)',
      'create table b (id int)',
      'create table timed (id int, at datetime)',
      'create table gone (id int)',
      'create view broken as select id from gone',
      'drop table gone',
    ]);
    const { database: name } = database;
    const user = (kind: string) => `${kind}_${name}`.slice(0, 32);
    users = { half: user('half'), partial: user('partial'), stranger: user('stranger'), writer: user('writer') };
    for (const each of Object.values(users)) await execute(database, `create user ${each}@'%' identified by 'reader'`);
    await execute(
      database,
      `grant select on ${name}.a to ${users.half}@'%'`,
      `grant insert on ${name}.b to ${users.half}@'%'`,
      `grant select (id) on ${name}.a to ${users.partial}@'%'`,
      `grant insert on ${name}.b to ${users.writer}@'%'`,
    );
  });

  /** Each step as `id status`, and the code and the last step of a failure. */
  async function stepsOf(settings: Record<string, unknown>) {
    const config = rawConfigOf(database, settings);
    const rejected: unknown = await new MysqlSource().validate(config).then(
      (report) => ({ report }),
      (error) => error,
    );
    const { report, code, message } = rejected as { report: ValidationReport; code?: string; message?: string };
    expect(JSON.stringify(report) + message).not.toContain(database.password);
    return {
      steps: report.steps.map(({ id, status }) => `${id} ${status}`),
      step: (wanted: string) => report.steps.find(({ id }) => id === wanted),
      last: report.steps.at(-1),
      code,
      message,
    };
  }

  const as = (user: keyof typeof users) => ({ user: users[user], password: 'reader' });

  test('a good config passes every step', async () => {
    expect((await stepsOf({ source_table: 'a, b' })).steps).toEqual([
      'config passed',
      'address passed',
      'connection passed',
      'tls passed',
      'login passed',
      'privileges passed',
      'tables passed',
    ]);
  });

  test('what INCREMENTAL could miss is a warning with its fix', async () => {
    const incremental = { replication_method: 'INCREMENTAL' };
    const { last } = await stepsOf({ ...incremental, ...as('half') });
    expect(last).toMatchObject({ id: 'incremental', status: 'warning', remedy: expect.stringContaining('PROCESS') });
    expect(last?.message).toContain(`No column of ${database.database}.a holds a time`);
    const { code, last: failed } = await stepsOf({ ...incremental, timestamp_zone: 'Middle/Earth' });
    expect([code, failed?.property]).toEqual(['config_invalid', 'timestamp_zone']);
  });

  test.each([
    ['an unknown host', () => ({ host: 'no.such.host.invalid' }), 'address', 'host_unknown', 'host'],
    ['a closed port', () => ({ port: 1 }), 'connection', 'connection_refused', 'port'],
    [
      'no TLS that can be verified',
      () => ({ ssl_mode: 'verify-full' }),
      'tls',
      'tls_refused',
      expect.stringMatching(/^ssl_/),
    ],
    ['a wrong password', () => ({ password: 'no' }), 'login', 'login_refused', 'password'],
    ['an unknown database', () => ({ database: 'nowhere' }), 'tables', 'stream_unknown', 'database'],
    ['a user that may read nothing', () => as('stranger'), 'tables', 'stream_unknown', 'database'],
    ['a user that may only write', () => as('writer'), 'privileges', 'access_denied', 'user'],
    ['a filter that matches nothing', () => ({ source_table: 'missing' }), 'tables', 'stream_unknown', 'source_table'],
  ])('%s fails the step it concerns, and names the property to correct', async (_, settings, id, code, property) => {
    const result = await stepsOf(settings());
    expect(result.last).toMatchObject({ id, status: 'failed', property, remedy: expect.any(String) });
    expect(result.code).toBe(code);
  });

  test('warns of tables and columns that the user may not read, by name', async () => {
    const { database: name } = database;
    const half = await stepsOf(as('half'));
    expect(half.step('privileges')).toMatchObject({
      status: 'warning',
      message: `The user may not read one table or view: ${name}.b.`,
      remedy: `Grant ${users.half} SELECT on the tables.`,
    });
    expect(half.last?.message).toBe(`Found one table or view: ${name}-a.`);
    const partial = await stepsOf(as('partial'));
    expect(partial.step('privileges')?.message).toBe(
      `The user may read only some columns of one table or view: ${name}.a.`,
    );
  });

  test('warns of views that are invalid, and of names that match nothing', async () => {
    const { last } = await stepsOf({});
    expect(last).toMatchObject({ id: 'tables', status: 'warning', message: expect.stringContaining('broken') });
    expect((await stepsOf({ source_table: 'a, nothing' })).last).toMatchObject({
      status: 'warning',
      message: 'No readable table matches source_table: nothing.',
    });
  });

  test('leaves no connection open, whether it passes or fails', async () => {
    await stepsOf(as('half'));
    await stepsOf({ ...as('half'), source_table: 'missing' });
    await vi.waitFor(async () => expect(await connectionsOfUser(database, users.half)).toBe(0), { timeout: 30_000 });
  });
});
