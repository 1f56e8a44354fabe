import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TemporaryDirectory } from '../temporary-directory.ts';
import { type Account, giveTo } from './account.ts';

export interface Installation {
  readonly native: string;
  readonly version: number;
  readonly directory: TemporaryDirectory;
  readonly data: string;
  readonly logFile: string;
  readonly account: Account;
}

export async function initializeData(installation: Installation, password: string): Promise<void> {
  const passwordFile = join(installation.directory.path, 'password');
  await writeFile(passwordFile, password, { mode: 0o600 });
  await giveTo(installation.account, passwordFile);
  const child = launch(installation, 'initdb', [
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
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`initdb failed:\n${await readFile(installation.logFile, 'utf8')}`);
  await rm(passwordFile);
}

/** Starts the server on `port` or, without one, on a free port: somebody else may take that in between, so it tries again. */
export async function startServer(
  installation: Installation,
  port?: number,
): Promise<{ child: ChildProcess; port: number }> {
  for (let attempt = 1; ; attempt += 1) {
    const chosen = port ?? (await freePort());
    const child = launch(installation, 'postgres', ['-D', installation.data, '-p', String(chosen)]);
    if (await becomesReady(installation, child)) {
      child.unref();
      return { child, port: chosen };
    }
    const log = await readFile(installation.logFile, 'utf8');
    if (attempt === 5 || !log.includes('could not bind')) throw new Error(`PostgreSQL did not start:\n${log}`);
  }
}

/** Ends the server and resolves when it is gone. Fast shutdown first: clients read SQLSTATE 57P01. */
export async function stopServer(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.ref();
  const gone = once(child, 'exit');
  child.kill('SIGINT');
  // Fast shutdown waits for replication clients that do not read.
  const lastResort = setTimeout(() => child.kill('SIGQUIT'), 2_000);
  await gone;
  clearTimeout(lastResort);
}

function launch(installation: Installation, program: string, programArguments: string[]): ChildProcess {
  const log = openSync(installation.logFile, 'a');
  const child = spawn(join(installation.native, 'bin', program), programArguments, {
    ...installation.account,
    cwd: installation.directory.path,
    // Its own process group: Ctrl-C is for the program under test, which may still want its database.
    detached: true,
    env: environment(),
    stdio: ['ignore', log, log],
    windowsHide: true,
  });
  closeSync(log);
  installation.directory.owns(child.pid);
  return child;
}

function environment(): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('PG') && !name.startsWith('LC_'));
  return { ...Object.fromEntries(inherited), LC_ALL: 'C', LANG: 'C', TZ: 'UTC' };
}

/** The eighth line of postmaster.pid is what pg_ctl waits for. */
async function becomesReady(installation: Installation, child: ChildProcess): Promise<boolean> {
  const deadline = Date.now() + 30_000;
  while (child.exitCode === null && child.signalCode === null) {
    const status = await readFile(join(installation.data, 'postmaster.pid'), 'utf8').catch(() => '');
    const lines = status.split('\n');
    if (lines[0] === String(child.pid) && lines[7]?.trim() === 'ready') return true;
    if (Date.now() > deadline) child.kill('SIGKILL');
    await sleep(10);
  }
  return false;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('The system gave no port.');
  return address.port;
}
