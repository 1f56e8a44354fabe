import type { ChildProcess } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { giveTo } from '../account.ts';
import { complete, endServer, launch, type ServerHome, startServer } from '../server-process.ts';

export interface Installation extends ServerHome {
  readonly native: string;
  readonly version: number;
  readonly data: string;
}

export async function initializeData(installation: Installation, password: string): Promise<void> {
  const passwordFile = join(installation.directory.path, 'password');
  await writeFile(passwordFile, password, { mode: 0o600 });
  await giveTo(installation.account, passwordFile);
  const child = launch(installation, join(installation.native, 'bin', 'initdb'), [
    `--pgdata=${installation.data}`,
    '--username=postgres',
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    // Older ones have no locale of UTF-8 of their own.
    ...(installation.version < 17 ? [] : ['--locale-provider=builtin', '--builtin-locale=C.UTF-8']),
    '--no-sync',
    '--no-instructions',
  ]);
  await complete('initdb', child, installation);
  await rm(passwordFile);
}

/** Starts the server on `port` or, without one, on a free port. */
export function startPostgresServer(
  installation: Installation,
  port?: number,
): Promise<{ child: ChildProcess; port: number }> {
  const { native, data } = installation;
  return startServer(
    {
      name: 'PostgreSQL',
      home: installation,
      launchOn: (chosen) => launch(installation, join(native, 'bin', 'postgres'), ['-D', data, '-p', String(chosen)]),
      isReady: (child) => isReady(data, child),
      portIsTaken: 'could not bind',
    },
    port,
  );
}

/** Ends the server and resolves when it is gone. Fast shutdown first: clients read SQLSTATE 57P01. */
export function stopPostgresServer(child: ChildProcess): Promise<void> {
  // Fast shutdown waits for replication clients that do not read.
  return endServer(child, 'SIGINT', { signal: 'SIGQUIT', milliseconds: 2_000 });
}

/** The eighth line of postmaster.pid is what pg_ctl waits for. */
async function isReady(data: string, child: ChildProcess): Promise<boolean> {
  const status = await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '');
  const lines = status.split('\n');
  return lines[0] === String(child.pid) && lines[7]?.trim() === 'ready';
}
