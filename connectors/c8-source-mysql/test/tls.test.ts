import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { type Certificates, type MySqlServer, startMariaDb, startMySql, startTcpProxy } from 'test-services';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect } from '../c8_source_mysql/client.ts';
import { ownQuery } from '../c8_source_mysql/own-query.ts';
import { configOf, describeServers, execute, type Login, sharedServer } from './harness.ts';

type Settings = Record<string, unknown>;

/** Whether the server sees TLS on a connection with these settings; or the code of the error, and its property. */
async function outcomeOf(server: Login, settings: Settings) {
  const { host, port, user, password, database } = server;
  const config = configOf({ host, port, user, password, database }, settings);
  try {
    await using connection = await connect(config, new AbortController().signal);
    const [row] = await ownQuery<{ Value: string }>(connection.client, `show session status like 'Ssl_version'`);
    return row?.Value.startsWith('TLS') ? 'encrypted' : 'plain';
  } catch (error) {
    const { code, details } = error as { code: string; details: { property?: string } };
    return `${code}: ${details.property}`;
  }
}

describeServers('a server that offers TLS', (name) => {
  let server: MySqlServer & { readonly certificates: Certificates };

  beforeAll(async () => {
    server = await (name === 'MariaDB' ? startMariaDb({ tls: true }) : startMySql({ tls: true }));
    await execute(
      server,
      `create user only_encrypted@'%' identified by 'secret' require ssl`,
      `create user certified@'%' identified by 'secret' require x509`,
    );
  }, 60_000);

  afterAll(() => server.stop());

  const right = () => ({ ssl_root_ca_cert: server.certificates.authority });
  const wrong = () => ({ ssl_root_ca_cert: server.certificates.otherAuthority });

  const modes: readonly (readonly [string, () => Settings, string])[] = [
    ['disable', () => ({}), 'plain'],
    ['prefer', () => ({}), 'encrypted'],
    ['prefer', wrong, 'encrypted'],
    ['require', () => ({}), 'encrypted'],
    ['require', wrong, 'encrypted'],
    ['verify-ca', right, 'encrypted'],
    ['verify-ca', wrong, 'tls_refused: ssl_root_ca_cert'],
    ['verify-ca', () => ({}), 'tls_refused: ssl_root_ca_cert'],
    ['verify-full', right, 'encrypted'],
    ['verify-full', wrong, 'tls_refused: ssl_root_ca_cert'],
    ['verify-full', () => ({ ...right(), host: 'localhost' }), 'encrypted'],
  ];

  test.each(modes)('ssl_mode %s, case %#', async (ssl_mode, certificates, expected) => {
    expect(await outcomeOf(server, { ssl_mode, ...certificates() })).toBe(expected);
  });

  test.each([
    ['verify-full', '127.0.0.2', 'tls_refused: host'],
    ['verify-ca', '127.0.0.2', 'encrypted'],
    ['verify-full', '127.1', 'tls_refused: host'],
    ['verify-ca', '127.1', 'encrypted'],
  ])('ssl_mode %s with the host %s, which is not in the certificate', async (ssl_mode, host, expected) => {
    await using proxy = await startTcpProxy(
      server,
      (client, upstream) => client.pipe(upstream).pipe(client),
      host === '127.1' ? '127.0.0.1' : host,
    );
    expect(await outcomeOf({ ...server, host, port: proxy.port }, { ssl_mode, ...right() })).toBe(expected);
  });

  test('a certificate with blanks for line breaks is repaired', async () => {
    const ssl_root_ca_cert = server.certificates.authority.trim().replaceAll('\n', ' ');
    expect(await outcomeOf(server, { ssl_mode: 'verify-full', ssl_root_ca_cert })).toBe('encrypted');
  });

  test.each([
    ['prefer', 'encrypted'],
    ['require', 'encrypted'],
    ['disable', 'login_refused: password'],
  ])('a user that requires encryption, with ssl_mode %s', async (ssl_mode, expected) => {
    expect(await outcomeOf(server, { ssl_mode, user: 'only_encrypted', password: 'secret' })).toBe(expected);
  });

  test('ssl_mode prefer does not try again without TLS after a wrong password', async () => {
    let logins = 0;
    await using proxy = await startTcpProxy(server, (client, upstream) => {
      logins += 1;
      client.pipe(upstream).pipe(client);
    });
    const settings = { ssl_mode: 'prefer', password: 'wrong', port: proxy.port };
    expect(await outcomeOf(server, settings)).toBe('login_refused: password');
    expect(logins).toBe(1);
  });

  describe('and asks for a client certificate', () => {
    const encrypted = (passphrase: string) =>
      createPrivateKey(server.certificates.clientKey)
        .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase })
        .toString();
    const otherKey = generateKeyPairSync('ec', {
      namedCurve: 'P-256',
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      publicKeyEncoding: { type: 'spki', format: 'pem' },
    }).privateKey;
    const certificate = (key: string) => ({
      ssl_client_certificate: server.certificates.clientCertificate,
      ssl_client_key: key,
    });

    const cases: readonly (readonly [string, () => Settings, string])[] = [
      ['gets it', () => certificate(server.certificates.clientKey.replaceAll('\n', ' ')), 'encrypted'],
      ['refuses a client without one', () => ({}), 'login_refused: password'],
      [
        'gets one with a key that is encrypted',
        () => ({ ...certificate(encrypted('open sesame')), ssl_client_password: 'open sesame' }),
        'encrypted',
      ],
      [
        'is not reached with another passphrase',
        () => ({ ...certificate(encrypted('open sesame')), ssl_client_password: 'wrong' }),
        'config_invalid: ssl_client_password',
      ],
      [
        'is not reached without the passphrase',
        () => certificate(encrypted('open sesame')),
        'config_invalid: ssl_client_password',
      ],
      [
        'is not reached with a key of another certificate',
        () => certificate(otherKey),
        'config_invalid: ssl_client_key',
      ],
    ];

    test.each(cases)('%s', async (_, client, expected) => {
      const login = { user: 'certified', password: 'secret', ssl_mode: 'verify-full', ...right() };
      expect(await outcomeOf(server, { ...login, ...client() })).toBe(expected);
    });
  });

  test('with require_secure_transport is reached with TLS only, and the remedy names the setting', async () => {
    await execute(server, 'set global require_secure_transport = on');
    const { host, port, user, password, database } = server;
    const plain = configOf({ host, port, user, password, database }, { ssl_mode: 'disable' });
    await expect(connect(plain, new AbortController().signal)).rejects.toMatchObject({
      code: 'login_refused',
      remedy: expect.stringMatching(/set ssl_mode to require/i),
    });
    expect(await outcomeOf(server, { ssl_mode: 'prefer' })).toBe('encrypted');
  });
});

describeServers('a server without certificates of its administrator', (name) => {
  // MySQL makes itself a certificate.
  const secure = name === 'MariaDB' ? 'tls_refused: ssl_mode' : 'encrypted';
  const verified = name === 'MariaDB' ? 'tls_refused: ssl_mode' : 'tls_refused: ssl_root_ca_cert';
  test.each([
    ['disable', 'plain'],
    ['prefer', name === 'MariaDB' ? 'plain' : 'encrypted'],
    ['require', secure],
    ['verify-ca', verified],
    ['verify-full', verified],
  ])('ssl_mode %s', async (ssl_mode, expected) => {
    expect(await outcomeOf(sharedServer(name), { ssl_mode })).toBe(expected);
  });
});
