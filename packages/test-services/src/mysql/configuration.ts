import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Account, giveTo } from '../account.ts';
import type { ServerCertificates } from '../certificates.ts';

export interface Configuration {
  /** Everything of this server lies below it. */
  readonly directory: string;
  /** Win over those that all servers of tests have. */
  readonly settings: Readonly<Record<string, string>>;
  readonly certificates: ServerCertificates | undefined;
}

/** Writes my.cnf and the certificates, and gives the path of my.cnf; the port comes later, on the command line. */
export async function writeConfiguration(configuration: Configuration, account: Account): Promise<string> {
  const { directory, certificates } = configuration;
  const files: Record<string, string> = { 'my.cnf': settingLines(configuration) };
  if (certificates !== undefined) {
    files['authority.crt'] = certificates.forClients.authority;
    files['server.crt'] = certificates.serverCertificate;
    files['server.key'] = certificates.serverKey;
  }
  for (const [name, text] of Object.entries(files)) {
    await writeFile(join(directory, name), text, { mode: 0o600 });
    await giveTo(account, join(directory, name));
  }
  return join(directory, 'my.cnf');
}

function settingLines({ directory, settings, certificates }: Configuration): string {
  const all: Record<string, string> = {
    datadir: join(directory, 'data'),
    socket: join(directory, 'socket'),
    pid_file: join(directory, 'pid'),
    // A starting MariaDB removes what it takes for leftovers in a shared folder, and with it the temporary tables of others.
    tmpdir: directory,
    bind_address: '127.0.0.1',
    skip_name_resolve: 'ON',
    character_set_server: 'utf8mb4',
    default_time_zone: '+00:00',
    server_id: '1',
    log_bin: 'mysql-bin',
    binlog_format: 'ROW',
    binlog_row_image: 'FULL',
    binlog_row_metadata: 'FULL',
    // The data outlives a killed server, but never the test: nothing here has to survive a power failure.
    innodb_flush_method: 'nosync',
    innodb_flush_log_at_trx_commit: '2',
    sync_binlog: '0',
    innodb_buffer_pool_size: '64M',
    // Containers often forbid it, or have none left.
    innodb_use_native_aio: 'OFF',
    ...(certificates && {
      ssl_ca: join(directory, 'authority.crt'),
      ssl_cert: join(directory, 'server.crt'),
      ssl_key: join(directory, 'server.key'),
    }),
    ...settings,
  };
  return ['[mysqld]', ...Object.entries(all).map(([name, value]) => `${name}=${quote(value)}`), ''].join('\n');
}

function quote(value: string): string {
  return `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
