import { type C8Error, isC8Error } from 'c8connector';
import { type PostgresServer, startPostgres } from 'test-services';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { PostgresSource } from '../../c8_source_postgres/index.ts';
import { connectTo, createDatabase, type Login, rawConfigOf, recordingLog } from '../harness.ts';
import { follow } from './followed.ts';
import { idsOf, run } from './losing.ts';

const streams = ['public-t'];
const made = 'create table t (id int primary key)';

async function refusal(login: Login, request: Partial<Parameters<typeof follow>[1]> = {}): Promise<C8Error> {
  const error: unknown = await follow(login, { streams, ...request }).catch((thrown: unknown) => thrown);
  if (!isC8Error(error)) throw new Error(`${String(error)} is not an error of a connector`);
  return error;
}

/** The steps of the log in `validate`, each with its status. */
async function logSteps(login: Login, config = {}): Promise<Readonly<Record<string, string>>> {
  const report = await new PostgresSource()
    .validate(rawConfigOf(login, { replication_method: 'LOG_BASED', ...config }))
    .catch((error) => error.report);
  const steps: readonly { id: string; status: string; message: string; remedy?: string }[] = report.steps.slice(7);
  return Object.fromEntries(
    steps.map(({ id, status, message, remedy }) => [id, `${status}: ${message} ${remedy ?? ''}`]),
  );
}

describe('the beginning of a log', () => {
  test('is refused before a table is published whose updates the server would then refuse', async () => {
    const login = await createDatabase('create table t (a int); create table keyed (id int primary key)');
    const error = await refusal(login);
    expect(error.code).toBe('method_unsupported');
    expect(`${error.message} ${error.remedy}`).toMatch(/ALTER TABLE \S+ REPLICA IDENTITY FULL/);
    await run(login, 'insert into t values (1)', 'update t set a = 2');
    expect((await logSteps(login)).replica_identity).toMatch(/^warning: .*public-t cannot|^warning: .*public-t/);
  });

  test.each([
    [
      'a key that is not its replica identity',
      'create table t (id int primary key, other int not null unique); alter table t replica identity using index t_other_key',
      /does not include the key column id/,
    ],
    [
      'a partition without a replica identity',
      'create table t (id int primary key) partition by range (id); create table t_1 partition of t for values from (0) to (9); alter table t_1 replica identity nothing',
      /its rows cannot be identified in the log \("public"\."t_1"\)/,
    ],
  ])('is refused for a table with %s', async (_, sql, message) => {
    expect((await refusal(await createDatabase(sql))).message).toMatch(message);
  });

  test('is refused with the statement for the owner where the role may not publish', async () => {
    const login = await createDatabase(
      `${made}; grant select on t to public; create role log_unprivileged login replication password 'x'`,
    );
    const reader = { ...login, user: 'log_unprivileged', password: 'x' };
    const error = await refusal(reader);
    expect(error.code).toBe('access_denied');
    const statement = /run: (CREATE PUBLICATION .*);$/.exec(error.remedy ?? '')?.[1] ?? '';
    expect((await logSteps(reader)).log_privileges).toContain(statement);
    await run(login, statement);
    await run(login, 'insert into t values (1)');
    expect((await logSteps(reader)).log_privileges).toMatch(/^passed: .*contains all tables/);
    const { state, lines } = await follow(reader, { streams });
    expect(idsOf(lines('public-t'))).toEqual([1]);
    await run(login, 'insert into t values (2)');
    expect(idsOf((await follow(reader, { streams, state })).lines('public-t'))).toEqual([2]);
    await run(login, 'create table u (id int primary key); grant select on u to public');
    const other = await refusal(reader, { streams: ['public-t', 'public-u'] });
    expect(other.remedy).toMatch(/run: ALTER PUBLICATION "c8_\w+" ADD TABLE "public"\."u";$/);
    expect((await logSteps(reader)).log_privileges).toMatch(
      /^warning: .*public-u.* ALTER PUBLICATION "c8_\w+" ADD TABLE "public"\."u";$/,
    );
  });

  test('is refused where the role may not create a slot', async () => {
    const login = await createDatabase(
      `${made}; create role log_without_replication login password 'x'; grant select on t to public`,
    );
    const reader = { ...login, user: 'log_without_replication', password: 'x' };
    await run(login, `create publication c8_${login.database} for table t with (publish_via_partition_root)`);
    const error = await refusal(reader);
    expect(error).toMatchObject({
      code: 'access_denied',
      remedy: expect.stringContaining('ALTER ROLE log_without_replication REPLICATION'),
    });
    expect((await logSteps(reader)).log_privileges).toMatch(/^failed: .*may not read the log/);
  });

  test.each([
    [
      'does not publish all changes',
      `with (publish = 'insert', publish_via_partition_root)`,
      /SET \(publish = 'insert, update, delete, truncate'\)/,
    ],
    ['publishes partitions by their own names', '', /SET \(publish_via_partition_root = true\)/],
  ])('is refused for a publication that %s', async (_, options, remedy) => {
    const login = await createDatabase(`${made}; create publication own for table t ${options}`);
    const error = await refusal(login, { config: { publication: 'own' } });
    expect(error.code).toBe('config_invalid');
    expect(error.remedy).toMatch(remedy);
  });

  test('uses a publication of all tables unchanged', async () => {
    const login = await createDatabase(
      `${made}; create publication own for all tables with (publish_via_partition_root)`,
    );
    const config = { publication: 'own', replication_slot: `own_slot_${login.database}` };
    const { state } = await follow(login, { streams, config });
    await run(login, 'insert into t values (1)');
    expect(idsOf((await follow(login, { streams, config, state })).lines('public-t'))).toEqual([1]);
  });

  test('is refused for a slot of another plugin', async () => {
    const login = await createDatabase(made);
    await run(login, `select pg_create_logical_replication_slot('foreign_${login.database}', 'test_decoding')`);
    const config = { replication_slot: `foreign_${login.database}` };
    expect(await refusal(login, { config })).toMatchObject({
      code: 'config_invalid',
      details: { property: 'replication_slot' },
    });
    expect((await logSteps(login, config)).log).toMatch(/^failed: .*uses the plugin test_decoding/);
  });

  test('is refused for a partition beside its partitioned table', async () => {
    const login = await createDatabase(
      'create table t (id int primary key) partition by range (id); create table t_1 partition of t for values from (0) to (9)',
    );
    expect((await refusal(login, { streams: ['public-t', 'public-t_1'] })).message).toMatch(
      /under the name of its partitioned table/,
    );
  });

  test('waits for a transaction that has written to the table, and logs that', async () => {
    const login = await createDatabase(`${made}; create table other (id int primary key)`);
    // The slot exists already, since creating one waits for all transactions.
    await follow(login, { streams: ['public-other'] });
    await using writer = await connectTo(login);
    await writer.query('set synchronous_commit = on; begin; insert into t values (1)');
    const log = recordingLog();
    const reading = follow(login, { streams, log });
    await vi.waitFor(() => expect(log.warnings.join()).toMatch(/has written to .* and is still open after \d+ s/), {
      timeout: 20_000,
    });
    await writer.query('commit');
    expect(idsOf((await reading).lines('public-t'))).toEqual([1]);
  });

  test('waits for a slot that the server is still creating for an earlier run that has died', async () => {
    const login = await createDatabase(`${made}; insert into t values (1)`);
    const slot = `c8_${login.database}`;
    await using writer = await connectTo(login);
    await writer.query('begin; create table written (id int)');
    await using earlier = await connectTo(login);
    const making = earlier.query(`select pg_create_logical_replication_slot('${slot}', 'pgoutput')`);
    await using client = await connectTo(login);
    await vi.waitFor(async () => {
      const { rows } = await client.query('select from pg_replication_slots where slot_name = $1', [slot]);
      expect(rows).toHaveLength(1);
    });
    const log = recordingLog();
    const reading = follow(login, { streams, log });
    await vi.waitFor(() => expect(log.warnings.join()).toMatch(/creates the slot .* once all transactions/), {
      timeout: 20_000,
    });
    await run(login, 'insert into t values (2)');
    await writer.query('commit');
    await making;
    expect(idsOf((await reading).lines('public-t'))).toEqual([1, 2]);
  });

  test('does not happen in validate, which creates neither slot nor publication', async () => {
    const login = await createDatabase(made);
    expect(Object.values(await logSteps(login)).map((step) => step.split(':')[0])).toEqual(Array(5).fill('passed'));
    await using client = await connectTo(login);
    const { rows } = await client.query(
      `select (select count(*)::int from pg_replication_slots where database = current_database()) + (select count(*)::int from pg_publication) as count`,
    );
    expect(rows).toEqual([{ count: 0 }]);
  });
});

describe('a server', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres({ settings: { max_replication_slots: '1' } });
  });
  afterAll(() => server.stop());

  test('that has no slot left, or writes too little into its log, is refused with the fix', async () => {
    const login = { ...server, database: await server.createDatabase() };
    await run(login, made, `select pg_create_physical_replication_slot('taken')`);
    expect(await refusal(login)).toMatchObject({
      code: 'server_busy',
      remedy: expect.stringContaining('max_replication_slots'),
    });
    expect((await logSteps(login)).slot).toMatch(/^failed: .*no slot left/);
    await run(login, `select pg_drop_replication_slot('taken')`, `alter system set wal_level = 'replica'`);
    await server.restart();
    expect(await refusal(login)).toMatchObject({
      code: 'method_unsupported',
      remedy: expect.stringContaining(`wal_level = 'logical'`),
    });
    expect((await logSteps(login)).log).toMatch(/^failed: .*wal_level is replica/);
  });
});
