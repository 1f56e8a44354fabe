import { type MySqlServer, missingMariaDb, startMariaDb } from 'test-services';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { connect } from '../c8_source_mysql/client.ts';
import { ownQuery } from '../c8_source_mysql/own-query.ts';
import { connectForReading } from '../c8_source_mysql/reading.ts';
import { configOf, connectTo, type Login } from './harness.ts';

const never = () => new AbortController().signal;

// How a server is reached does not depend on its flavour.
describe.skipIf(missingMariaDb() !== undefined)('a connection', () => {
  let server: MySqlServer;
  let login: Login;
  let socket: string;

  beforeAll(async () => {
    server = await startMariaDb({ settings: { bind_address: '127.0.0.1,::1' } });
    login = { ...server, user: 'anywhere', password: 'secret' };
    await using admin = await connectTo(server);
    await admin.query(`create user anywhere@'%' identified by 'secret'`);
    await admin.query(`create user anywhere@localhost identified by 'secret'`);
    const rows = (await admin.query('select @@socket as path')) as unknown as { readonly path: string }[];
    socket = rows[0]?.path ?? '';
  });

  afterAll(() => server.stop());
  afterEach(() => vi.unstubAllEnvs());

  test.each([
    ['MYSQL_HOST', 'no.such.host.invalid'],
    ['MYSQL_TCP_PORT', '1'],
    ['MYSQL_UNIX_PORT', '/no/such/socket'],
    ['MYSQL_PWD', 'wrong'],
    ['USER', 'nobody'],
    ['TZ', 'Asia/Tokyo'],
    ['NODE_DEBUG', 'mysql2'],
  ])('does not depend on %s=%s in the environment', async (name, value) => {
    vi.stubEnv(name, value);
    await using connection = await connect(configOf(login), never());
    expect(await ownQuery(connection.client, `select user() like 'anywhere@%' as isUser`)).toEqual([{ isUser: 1 }]);
  });

  test('does not take a missing password from the environment', async () => {
    vi.stubEnv('MYSQL_PWD', login.password);
    for (const password of [undefined, ''])
      await expect(connect(configOf(login, { password }), never())).rejects.toMatchObject({ code: 'login_refused' });
  });

  test.each(['::1', '[::1]', '0:0:0:0:0:0:0:1', '[::ffff:127.0.0.1]', '127.0.0.1', 'localhost'])(
    'reaches the host that is written %s',
    async (host) => {
      await using connection = await connect(configOf(login, { host }), never());
      expect(await ownQuery(connection.client, 'select 1 as one')).toEqual([{ one: 1 }]);
    },
  );

  test.each(['disable', 'prefer', 'verify-full'])('goes through a Unix socket with ssl_mode %s', async (ssl_mode) => {
    await using connection = await connect(configOf(login, { host: socket, ssl_mode }), never());
    expect(connection.isEncrypted).toBe(false);
    expect(await ownQuery(connection.client, 'select current_user() as account')).toEqual([
      { account: 'anywhere@localhost' },
    ]);
  });

  test.each([
    ['localhost:3306', 'and the port as port'],
    ['mysql://localhost/shop', 'only the host name'],
  ])('to the host %s is refused, with a hint what to write', async (host, remedy) => {
    await expect(connect(configOf(login, { host }), never())).rejects.toMatchObject({
      code: 'host_unknown',
      remedy: expect.stringContaining(remedy),
    });
  });

  test('can only read', async () => {
    await using connection = await connectForReading(configOf(server), never());
    const writing = ownQuery(connection.client, 'create table test.written (id int)');
    await expect(writing).rejects.toMatchObject({ errno: 1792 });
  });
});
