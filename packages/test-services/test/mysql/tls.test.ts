import type { ConnectionOptions, SslOptions } from 'mysql2/promise';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Certificates } from '../../src/certificates.ts';
import type { MySqlServer } from '../../src/mysql/server.ts';
import { query } from './query.ts';
import { describeServers } from './servers.ts';

describeServers(
  (name) => `a ${name} server with TLS`,
  ({ name: flavour, start }) => {
    let server: MySqlServer & { certificates: Certificates };
    beforeAll(async () => {
      server = await start({ tls: true });
    });
    afterAll(() => server.stop());

    function encryption(ssl: SslOptions | undefined, changes: ConnectionOptions = {}): Promise<unknown> {
      return query(server, "SHOW STATUS LIKE 'Ssl_version'", { ...(ssl && { ssl }), ...changes });
    }

    it.each(['127.0.0.1', 'localhost'])('proves to be %s', async (host) => {
      const ssl = { ca: server.certificates.authority, verifyIdentity: true };
      expect(await encryption(ssl, { host })).toMatchObject([{ Value: 'TLSv1.3' }]);
    });

    it('is refused by a client that trusts another authority', async () => {
      const ssl = { ca: server.certificates.otherAuthority };
      await expect(encryption(ssl)).rejects.toThrow('self-signed certificate in certificate chain');
    });

    it('still serves without TLS unless an account forbids it', async () => {
      expect(await encryption(undefined)).toMatchObject([{ Value: '' }]);
    });

    it('checks the certificate of a client where an account asks for one', async () => {
      const { authority: ca, clientCertificate: cert, clientKey: key } = server.certificates;
      await query(server, "CREATE USER certified@'127.0.0.1' REQUIRE SUBJECT '/CN=root'");
      const login = { user: 'certified', password: '', database: 'information_schema' };
      expect(await encryption({ ca, cert, key }, login)).toMatchObject([{ Value: 'TLSv1.3' }]);
      await expect(encryption({ ca }, login)).rejects.toMatchObject({ code: 'ER_ACCESS_DENIED_ERROR' });
    });

    it('can create databases where TLS is required', async () => {
      await query(server, 'SET GLOBAL require_secure_transport = ON');
      const code = flavour === 'MySQL' ? 'ER_SECURE_TRANSPORT_REQUIRED' : 'ER_ACCESS_DENIED_ERROR';
      await expect(encryption(undefined)).rejects.toMatchObject({ code });
      expect(await server.createDatabase('reachable')).toBe('reachable');
    });
  },
);
