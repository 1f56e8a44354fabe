import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { startPostgres } from 'test-services';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect } from '../c8_source_postgres/client.ts';
import { configOf, connectTo } from './harness.ts';

type TlsServer = Awaited<ReturnType<typeof startTlsServer>>;

function startTlsServer() {
  const hba = [
    'hostssl all only_encrypted 127.0.0.1/32 scram-sha-256',
    'hostssl certified all 127.0.0.1/32 cert',
    'hostnossl all only_plain 127.0.0.1/32 scram-sha-256',
    'hostssl all rejected_tls 127.0.0.1/32 reject',
    'hostnossl all rejected_tls 127.0.0.1/32 scram-sha-256',
    'hostssl all trusted_plain 127.0.0.1/32 scram-sha-256',
    'hostnossl all trusted_plain 127.0.0.1/32 trust',
    'host all no_login 127.0.0.1/32 scram-sha-256',
    'host all postgres 127.0.0.1/32 scram-sha-256',
  ];
  return startPostgres({ tls: true, hba });
}

let server: TlsServer;

beforeAll(async () => {
  server = await startTlsServer();
  await using client = await connectTo(server);
  for (const role of ['only_encrypted', 'only_plain', 'rejected_tls', 'trusted_plain'])
    await client.query(`create role ${role} login password 'secret'`);
  await client.query(`create role no_login password 'secret'`);
});

afterAll(() => server.stop());

/** Whether the server sees TLS on a connection with these settings; or the code of the error, and its property. */
async function outcomeOf(settings: Record<string, unknown>) {
  try {
    await using connection = await connect(configOf(server, settings), new AbortController().signal);
    const { rows } = await connection.client.query('select ssl from pg_stat_ssl where pid = pg_backend_pid()');
    return rows[0].ssl ? 'encrypted' : 'plain';
  } catch (error) {
    const { code, details } = error as { code: string; details: { property?: string } };
    return `${code}: ${details.property}`;
  }
}

describe('with a server that offers TLS', () => {
  const right = () => ({ ssl_root_ca_cert: server.certificates.authority });
  const wrong = () => ({ ssl_root_ca_cert: server.certificates.otherAuthority });

  test.each([
    ['disable', () => ({}), 'plain'],
    ['prefer', () => ({}), 'encrypted'],
    ['require', () => ({}), 'encrypted'],
    ['require', wrong, 'encrypted'],
    ['verify-ca', right, 'encrypted'],
    ['verify-ca', wrong, 'tls_refused: ssl_root_ca_cert'],
    ['verify-ca', () => ({}), 'tls_refused: ssl_root_ca_cert'],
    ['verify-full', right, 'encrypted'],
    ['verify-full', wrong, 'tls_refused: ssl_root_ca_cert'],
    ['verify-full', () => ({ ...right(), host: 'localhost' }), 'encrypted'],
  ])('ssl_mode %s, case %#', async (ssl_mode, certificates, expected) => {
    expect(await outcomeOf({ ssl_mode, ...certificates() })).toBe(expected);
  });

  test.each([
    ['verify-full', 'tls_refused: host'],
    ['verify-ca', 'encrypted'],
  ])('ssl_mode %s with a host that is not in the certificate', async (ssl_mode, expected) => {
    // It resolves to 127.0.0.1, but is not in the certificate.
    expect(await outcomeOf({ ssl_mode, ...right(), host: '127.1' })).toBe(expected);
  });

  test('a certificate with blanks for line breaks is repaired', async () => {
    const ssl_root_ca_cert = server.certificates.authority.trim().replaceAll('\n', ' ');
    expect(await outcomeOf({ ssl_mode: 'verify-full', ssl_root_ca_cert })).toBe('encrypted');
  });

  test('a user that requires encryption can log in with prefer, and not with disable', async () => {
    const login = { user: 'only_encrypted', password: 'secret' };
    expect(await outcomeOf({ ...login, ssl_mode: 'prefer' })).toBe('encrypted');
    expect(await outcomeOf({ ...login, ssl_mode: 'disable' })).toBe('login_refused: ssl_mode');
  });
});

describe('ssl_mode prefer tries again without TLS', () => {
  test.each([
    ['where pg_hba.conf has no entry for TLS', { user: 'only_plain', password: 'secret' }, 'plain'],
    ['where pg_hba.conf rejects TLS', { user: 'rejected_tls', password: 'secret' }, 'plain'],
    ['and names what is wrong there', { user: 'only_plain', password: 'wrong' }, 'login_refused: password'],
    ['not after a wrong password', { user: 'trusted_plain', password: 'wrong' }, 'login_refused: password'],
    ['not where the role may not log in', { user: 'no_login', password: 'secret' }, 'login_refused: user'],
    ['and names the first refusal when both are the same', { user: 'unknown', password: 'x' }, 'login_refused: user'],
    ['not for an unknown database', { dbname: 'nowhere' }, 'database_unknown: dbname'],
  ])('%s', async (_, settings, expected) => {
    expect(await outcomeOf({ ssl_mode: 'prefer', ...settings })).toBe(expected);
  });

  test.each(['require', 'verify-ca'])('and ssl_mode %s never does', async (ssl_mode) => {
    const settings = {
      ssl_mode,
      ssl_root_ca_cert: server.certificates.authority,
      user: 'only_plain',
      password: 'secret',
    };
    expect(await outcomeOf(settings)).toMatch(/^login_refused/);
  });
});

test('a server that asks for a client certificate gets it', async () => {
  const dbname = await server.createDatabase('certified');
  const { authority, clientCertificate, clientKey } = server.certificates;
  const settings = { dbname, ssl_mode: 'verify-full', ssl_root_ca_cert: authority, password: '' };
  const client = { ssl_client_certificate: clientCertificate, ssl_client_key: clientKey.replaceAll('\n', ' ') };
  const signal = new AbortController().signal;
  await using connection = await connect(configOf(server, { ...settings, ...client }), signal);
  expect((await connection.client.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  await expect(connect(configOf(server, settings), signal)).rejects.toMatchObject({
    code: 'login_refused',
    details: { property: 'ssl_mode' },
  });
});

describe('a server that asks for a client certificate', () => {
  const encrypted = (passphrase: string) =>
    createPrivateKey(server.certificates.clientKey)
      .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase })
      .toString();
  const otherKey = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  }).privateKey;

  test.each([
    ['gets one with a key that is encrypted', () => encrypted('open sesame'), 'open sesame', 'encrypted'],
    [
      'is not reached with another passphrase',
      () => encrypted('open sesame'),
      'wrong',
      'config_invalid: ssl_client_password',
    ],
    [
      'is not reached without the passphrase',
      () => encrypted('open sesame'),
      undefined,
      'config_invalid: ssl_client_password',
    ],
    ['is not reached with a key of another certificate', () => otherKey, undefined, 'config_invalid: ssl_client_key'],
  ])('%s', async (_, key, passphrase, expected) => {
    const settings = {
      ...{
        dbname: 'certified',
        ssl_mode: 'verify-full',
        password: '',
        ssl_root_ca_cert: server.certificates.authority,
      },
      ...{ ssl_client_certificate: server.certificates.clientCertificate, ssl_client_key: key() },
      ...(passphrase !== undefined && { ssl_client_password: passphrase }),
    };
    expect(await outcomeOf(settings)).toBe(expected);
  });
});
