import { readFile } from 'node:fs/promises';
import { createCertificates } from 'test-services';
import { beforeAll, describe, expect, test } from 'vitest';
import { connect } from '../c8_source_mysql/client.ts';
import { ownQuery } from '../c8_source_mysql/own-query.ts';
import { packetOf } from './altering-proxy.ts';
import { greetingOf, okPacket, startFakeServer, switchTo } from './fake-server.ts';
import { configOf, connectTo, describeServers, type Login, sharedServer } from './harness.ts';

const never = () => new AbortController().signal;

/** The account that a connection with these settings has; or the code of the error, and its property. */
async function outcomeOf(login: Login, settings: Record<string, unknown>): Promise<string> {
  try {
    await using connection = await connect(configOf(login, settings), never());
    const [row] = await ownQuery<{ account: string }>(connection.client, 'select current_user() as account');
    return `in as ${row?.account}`;
  } catch (error) {
    const { code, details } = error as { code: string; details: { property?: string } };
    return `${code}: ${details.property}`;
  }
}

const password = `pass 'wörd" \\ 🦀`;
const quoted = `'${password.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;

const accounts = {
  MariaDB: {
    in_native: `identified via mysql_native_password using password(${quoted})`,
    in_empty: '',
    in_socket: 'identified via unix_socket',
    in_locked: `identified by ${quoted} account lock`,
    in_expired: `identified by ${quoted} password expire`,
    in_single: `identified by ${quoted} with max_user_connections 1`,
  },
  MySQL: {
    in_caching: `identified with caching_sha2_password by ${quoted}`,
    in_sha256: `identified with sha256_password by ${quoted}`,
    in_empty: `identified by ''`,
    in_locked: `identified by ${quoted} account lock`,
    in_expired: `identified by ${quoted} password expire`,
    in_single: `identified by ${quoted} with max_user_connections 1`,
  },
};

describeServers('a login', (name) => {
  let login: Login;

  beforeAll(async () => {
    login = sharedServer(name);
    await using admin = await connectTo(login);
    for (const [user, how] of Object.entries(accounts[name])) await admin.query(`create user ${user}@'%' ${how}`);
    await admin.query(`create user in_other@'192.0.2.1' identified by ${quoted}`);
  });

  const modes = name === 'MySQL' ? ['disable', 'prefer'] : ['disable'];

  test.each(modes)('with each plugin that has a password, with ssl_mode %s', async (ssl_mode) => {
    const users = name === 'MySQL' ? ['in_caching', 'in_sha256', 'in_single'] : ['in_native', 'in_single'];
    for (const user of users) {
      expect(await outcomeOf(login, { user, password, ssl_mode })).toBe(`in as ${user}@%`);
      expect(await outcomeOf(login, { user, password: 'wrong', ssl_mode })).toBe('login_refused: password');
    }
  });

  test.each(modes)('from the cache of the server, and again after it forgot it, with ssl_mode %s', async (ssl_mode) => {
    const user = name === 'MySQL' ? 'in_caching' : 'in_native';
    for (let time = 0; time < 2; time += 1) {
      await using admin = await connectTo(login);
      await admin.query('flush privileges');
      expect(await outcomeOf(login, { user, password, ssl_mode })).toBe(`in as ${user}@%`);
      expect(await outcomeOf(login, { user, password, ssl_mode })).toBe(`in as ${user}@%`);
    }
  });

  test('without a password', async () => {
    expect(await outcomeOf(login, { user: 'in_empty', password: '' })).toBe('in as in_empty@%');
    expect(await outcomeOf(login, { user: 'in_empty', password: undefined })).toBe('in as in_empty@%');
    expect(await outcomeOf(login, { user: 'in_empty', password })).toBe('login_refused: password');
  });

  const refused: readonly (readonly [string, string, RegExp])[] = [
    ['an account that is locked', 'in_locked', /login_refused: user/],
    ['a password that has expired', 'in_expired', /login_refused: password/],
    ['an account of another host', 'in_other', /login_refused/],
    ...(name === 'MariaDB' ? [['an account of the Unix socket', 'in_socket', /login_refused: user/] as const] : []),
  ];

  test.each(refused)('is refused for %s', async (_, user, expected) => {
    expect(await outcomeOf(login, { user, password })).toMatch(expected);
  });

  test('is refused for the second connection of a user that may have one', async () => {
    await using first = await connect(configOf(login, { user: 'in_single', password }), never());
    expect(first.isEncrypted).toBe(false);
    await expect(connect(configOf(login, { user: 'in_single', password }), never())).rejects.toMatchObject({
      code: 'connection_refused',
      isRetryable: true,
    });
  });
});

describe('a server that asks for more than it should', () => {
  const secret = 'very secret password';

  async function errorOf(answers: readonly Buffer[], settings: Record<string, unknown> = {}) {
    await using server = await startFakeServer(answers);
    const login = { host: '127.0.0.1', port: server.port, user: 'reader', password: secret, database: 'd' };
    const error = await connect(configOf(login, settings), never(), 2000).then(
      () => undefined,
      (caught) => caught,
    );
    return { error, received: server.received() };
  }

  test('gets no password in clear text without TLS', async () => {
    for (const greeting of [greetingOf(), greetingOf({ plugin: 'mysql_clear_password' })]) {
      const { error, received } = await errorOf([greeting, switchTo('mysql_clear_password')]);
      expect(error).toMatchObject({ code: 'login_refused', details: { property: 'ssl_mode' } });
      expect(error.remedy).toContain('verify-full');
      expect(received.includes(secret)).toBe(false);
    }
  });

  test('gets no password in clear text by pretending that it has no TLS', async () => {
    for (const ssl_mode of ['require', 'verify-ca', 'verify-full']) {
      const { error, received } = await errorOf([greetingOf(), switchTo('mysql_clear_password')], { ssl_mode });
      expect(error).toMatchObject({ code: 'tls_refused' });
      expect(received).toHaveLength(0);
    }
  });

  test('gets a password in clear text, and any login, only if it was verified', async () => {
    const { forClients, ...certificates } = await createCertificates();
    const outcome = async (settings: Record<string, unknown>) => {
      const answers = [greetingOf({ hasTls: true }), switchTo('mysql_clear_password', 3), okPacket(5)];
      await using server = await startFakeServer(answers, certificates);
      const login = { host: '127.0.0.1', port: server.port, user: 'reader', password: secret, database: 'd' };
      const { code } = await connect(configOf(login, settings), never(), 1000).catch((error) => error);
      const [user, password] = ['reader', secret].map((text) => server.received().includes(text));
      return `${code}${user ? ', user' : ''}${password ? ', password' : ''}`;
    };
    const right = { ssl_root_ca_cert: forClients.authority };
    const wrong = { ssl_root_ca_cert: forClients.otherAuthority };
    expect({
      prefer: await outcome({ ssl_mode: 'prefer' }),
      require: await outcome({ ssl_mode: 'require' }),
      wrongAuthority: await outcome({ ssl_mode: 'verify-ca', ...wrong }),
      wrongHost: await outcome({ ssl_mode: 'verify-full', host: '127.1', ...right }),
      verifiedAuthority: await outcome({ ssl_mode: 'verify-ca', ...right }),
      verifiedHost: await outcome({ ssl_mode: 'verify-full', ...right }),
    }).toEqual({
      prefer: 'login_refused, user',
      require: 'login_refused, user',
      wrongAuthority: 'tls_refused',
      wrongHost: 'tls_refused',
      // The server answers no query.
      verifiedAuthority: 'connection_timeout, user, password',
      verifiedHost: 'connection_timeout, user, password',
    });
  });

  test.each(['client_ed25519', 'dialog', 'parsec', 'authentication_ldap_sasl_client', 'toString'])(
    'for the plugin %s is reported with its name',
    async (plugin) => {
      const { error } = await errorOf([greetingOf(), switchTo(plugin)]);
      expect(error).toMatchObject({ code: 'login_refused', details: { property: 'user' } });
      expect(error.message).toContain(`the authentication plugin ${plugin}, which is not supported`);
    },
  );

  test('gets no file of this computer', async () => {
    const path = import.meta.filename;
    const content = (await readFile(path)).subarray(0, 40);
    const { error, received } = await errorOf([
      greetingOf(),
      okPacket(2),
      packetOf(1, Buffer.from(`\xfb${path}`, 'latin1')),
    ]);
    expect(error).toMatchObject({
      code: 'server_answer_invalid',
      message: expect.stringContaining('asks for a file of this computer'),
    });
    expect(received.includes(content)).toBe(false);
  });

  test.each([
    ['before TLS', [Buffer.concat([greetingOf({ hasTls: true }), okPacket(2)])]],
    ['in part before TLS', [Buffer.concat([greetingOf({ hasTls: true }), okPacket(2).subarray(0, 6)])]],
  ])('is not believed what it says %s', async (_, answers) => {
    const { error, received } = await errorOf(answers, { ssl_mode: 'require' });
    expect(error).toMatchObject({
      code: expect.stringMatching(/server_answer_invalid|tls_refused|connection_timeout/),
    });
    expect(received.includes('reader')).toBe(false);
  });
});
