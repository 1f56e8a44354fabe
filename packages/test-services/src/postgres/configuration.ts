import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Account, giveTo } from '../account.ts';
import type { ServerCertificates } from '../certificates.ts';

export interface Configuration {
  readonly data: string;
  readonly version: number;
  readonly socketDirectory: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly hba: readonly string[];
  readonly certificates: ServerCertificates | undefined;
}

const defaultHba = ['host all all 127.0.0.1/32 scram-sha-256', 'host replication all 127.0.0.1/32 scram-sha-256'];

/** Writes postgresql.conf, pg_hba.conf and the certificates; the port comes later, on the command line. */
export async function writeConfiguration(configuration: Configuration, account: Account): Promise<void> {
  const { data, certificates } = configuration;
  const files: Record<string, string> = {
    'postgresql.conf': settingLines(configuration),
    // The socket, with the password too, is for this package alone: `hba` must not shut it out.
    'pg_hba.conf': [
      'local all all scram-sha-256',
      ...(configuration.hba.length ? configuration.hba : defaultHba),
      '',
    ].join('\n'),
  };
  if (certificates !== undefined) {
    files['authority.crt'] = certificates.forClients.authority;
    files['server.crt'] = certificates.serverCertificate;
    files['server.key'] = certificates.serverKey;
  }
  for (const [name, text] of Object.entries(files)) {
    await writeFile(join(data, name), text, { mode: 0o600 });
    await giveTo(account, join(data, name));
  }
}

function settingLines(configuration: Configuration): string {
  const settings: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: process.platform === 'win32' ? '' : configuration.socketDirectory,
    password_encryption: 'scram-sha-256',
    wal_level: 'logical',
    // The data never outlives the test: nothing here has to survive a power failure.
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    // Fewer processes to start.
    ...(configuration.version >= 18 && { io_method: 'sync' }),
    jit: 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
    shared_buffers: '64MB',
    ...(configuration.certificates && {
      ssl: 'on',
      ssl_ca_file: 'authority.crt',
      ssl_cert_file: 'server.crt',
      ssl_key_file: 'server.key',
    }),
    ...configuration.settings,
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'\n`)
    .join('');
}
