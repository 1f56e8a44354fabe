import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Certificates } from '../../src/certificates.ts';
import { type PostgresServer, startPostgres } from '../../src/postgres/server.ts';

async function encryption(server: PostgresServer, changes: pg.ClientConfig): Promise<unknown> {
  const { host, port, user, password, database } = server;
  const client = new pg.Client({ host, port, user, password, database, ...changes });
  await client.connect();
  try {
    return (await client.query('SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid()')).rows[0]?.version;
  } finally {
    await client.end();
  }
}

describe('a server with TLS', () => {
  let server: PostgresServer & { certificates: Certificates };
  beforeAll(async () => {
    server = await startPostgres({ tls: true });
  }, 60_000);
  afterAll(() => server.stop());

  it.each(['127.0.0.1', 'localhost'])('proves to be %s', async (host) => {
    expect(await encryption(server, { host, ssl: { ca: server.certificates.authority } })).toBe('TLSv1.3');
  });

  it('is refused by a client that trusts another authority', async () => {
    const ssl = { ca: server.certificates.otherAuthority };
    await expect(encryption(server, { ssl })).rejects.toMatchObject({ code: 'SELF_SIGNED_CERT_IN_CHAIN' });
  });

  it('is refused under another name', async () => {
    const ssl = { ca: server.certificates.authority, servername: 'other.example' };
    await expect(encryption(server, { ssl })).rejects.toMatchObject({
      code: 'ERR_TLS_CERT_ALTNAME_INVALID',
    });
  });

  it('still serves without TLS unless hba forbids it', async () => {
    expect(await encryption(server, {})).toBeNull();
  });
});

describe('a server that requires a client certificate', () => {
  let server: PostgresServer & { certificates: Certificates };
  beforeAll(async () => {
    server = await startPostgres({ tls: true, hba: ['hostssl all all 127.0.0.1/32 cert'] });
  }, 60_000);
  afterAll(() => server.stop());

  it('takes the certificate for the user postgres in place of a password', async () => {
    const { authority: ca, clientCertificate: cert, clientKey: key } = server.certificates;
    expect(await encryption(server, { password: '', ssl: { ca, cert, key } })).toBe('TLSv1.3');
  });

  it('refuses a client without one', async () => {
    const ssl = { ca: server.certificates.authority };
    await expect(encryption(server, { ssl })).rejects.toMatchObject({ code: '28000' });
  });

  it('refuses a connection without TLS', async () => {
    await expect(encryption(server, {})).rejects.toMatchObject({ code: '28000' });
  });

  it('can create databases all the same', async () => {
    expect(await server.createDatabase('reachable')).toBe('reachable');
  });
});
