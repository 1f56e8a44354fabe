import { type PostgresServer, startPostgres } from 'test-services';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { connect } from '../c8_source_postgres/client.ts';
import { connectForReading } from '../c8_source_postgres/reading.ts';
import { configOf, connectTo, discoverAll, rawConfigOf, readLines } from './harness.ts';

let server: PostgresServer;

beforeAll(async () => {
  server = await startPostgres({
    settings: { listen_addresses: '127.0.0.1, ::1' },
    hba: ['host all all all scram-sha-256'],
  });
  await using client = await connectTo(server);
  await client.query('create table t as select 1 as id; create view waits as select pg_sleep(0.6)::text as waited');
});

afterAll(() => server.stop());
afterEach(() => vi.unstubAllEnvs());

const never = () => new AbortController().signal;

test.each([
  ['PGOPTIONS', '-c statement_timeout=1'],
  ['PGOPTIONS', '--no_such_option=1'],
  ['PGREPLICATION', 'database'],
  ['PGSSLMODE', 'verify-full'],
  ['PGSSLNEGOTIATION', 'direct'],
  ['PGSSLNEGOTIATION', 'nonsense'],
  ['PGHOST', 'no.such.host.invalid'],
  ['PGPORT', '1'],
  ['PGUSER', 'nobody'],
  ['PGDATABASE', 'nowhere'],
  ['PGPASSWORD', 'wrong'],
  ['PGPASSFILE', '/dev/null'],
  ['PGCLIENT_ENCODING', 'LATIN1'],
  ['PGBINARY', 'true'],
  ['PGAPPNAME', 'other'],
  ['PGCONNECT_TIMEOUT', '0'],
])('%s=%s in the environment changes nothing', async (name, value) => {
  vi.stubEnv(name, value);
  await using connection = await connect(configOf(server), never());
  const { rows } = await connection.client.query(
    `select current_user as role, current_setting('application_name') as name, current_setting('statement_timeout') as timeout`,
  );
  expect(rows).toEqual([{ role: 'postgres', name: 'c8-source-postgres', timeout: '0' }]);
  expect(await readLines(configOf(server), 'public-t')).toEqual(['{"id":1}']);
});

test('a password in the environment does not replace a missing one', async () => {
  vi.stubEnv('PGPASSWORD', server.password);
  for (const password of [undefined, '']) {
    const config = configOf(server, { password });
    await expect(connect(config, never())).rejects.toMatchObject({ code: 'login_refused' });
  }
});

describe('a role that has set', () => {
  test.concurrent.each([
    ['statement_timeout', '500ms'],
    ['lock_timeout', '500ms'],
    ['idle_in_transaction_session_timeout', '500ms'],
    ['idle_session_timeout', '3s'],
    ['transaction_timeout', '500ms'],
    ['default_transaction_isolation', 'serializable'],
    ['client_encoding', 'LATIN1'],
  ])('%s to %s does not change what is read', async (setting, value) => {
    await using client = await connectTo(server);
    const user = `sets_${setting}`;
    await client.query(
      `create role ${user} login password 'setter' in role pg_read_all_data; alter role ${user} set ${setting} = '${value}'`,
    );
    const config = configOf(server, { user, password: 'setter' });
    expect(await readLines(config, 'public-waits')).toEqual(['{"waited":""}']);
  });
});

test.each(['::1', '[::1]', '0:0:0:0:0:0:0:1', '[0:0:0:0:0:0:0:1]', '[::ffff:127.0.0.1]', '127.0.0.1', 'localhost'])(
  'the host may be written %s',
  async (host) => {
    await using connection = await connect(configOf(server, { host }), never());
    expect((await connection.client.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  },
);

test.each([
  ['localhost:5432', 'and the port as port'],
  ['[::1]:5432', 'and the port as port'],
  ['postgres://localhost/shop', 'only the host name'],
])('the host %s is refused, with a hint what to write', async (host, remedy) => {
  const error = connect(configOf(server, { host }), never());
  await expect(error).rejects.toMatchObject({ code: 'host_unknown', remedy: expect.stringContaining(remedy) });
});

test('a role that may not call version() can still read, and one that may call nothing gets the missing privilege in the error', async () => {
  const dbname = await server.createDatabase();
  await using client = await connectTo({ ...server, database: dbname });
  await client.query(`create table t as select 1 as id; create role curious login password 'curious';
    grant select on t to curious; revoke execute on function pg_catalog.version() from public`);
  const config = configOf(server, { user: 'curious', password: 'curious', dbname });
  expect(await readLines(config, 'public-t')).toEqual(['{"id":1}']);
  await client.query('revoke execute on function pg_catalog.has_any_column_privilege(oid, text) from public');
  await expect(discoverAll(config)).rejects.toMatchObject({
    code: 'access_denied',
    message: expect.stringContaining('has_any_column_privilege'),
    remedy: expect.stringContaining('EXECUTE'),
  });
});

test('the transaction of a read is read-only, and the config has no session options', async () => {
  await using connection = await connectForReading(configOf(server), never());
  const { rows } = await connection.client.query('show transaction_read_only');
  expect(rows).toEqual([{ transaction_read_only: 'on' }]);
  expect(rawConfigOf(server)).not.toHaveProperty('options');
});

test('tables of an extension are listed, but not selected by default', async () => {
  const dbname = await server.createDatabase();
  await using client = await connectTo({ ...server, database: dbname });
  await client.query('create extension pg_stat_statements; create table mine (id int)');
  const config = configOf(server, { dbname });
  const selected = new Map(
    (await discoverAll(config)).map((stream) => [stream.id, stream.isSelectedByDefault ?? true]),
  );
  expect(selected.get('public-mine')).toBe(true);
  expect(selected.get('public-pg_stat_statements')).toBe(false);
  await expect(readLines(config, 'public-pg_stat_statements')).rejects.toMatchObject({
    code: 'stream_unknown',
    remedy: expect.stringContaining('shared_preload_libraries'),
  });
});
