import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Account } from './account.ts';
import type { TemporaryDirectory } from './temporary-directory.ts';

/** Where a server runs, and as whom. */
export interface ServerHome {
  readonly directory: TemporaryDirectory;
  /** Gets all that its programs print. */
  readonly logFile: string;
  readonly account: Account;
}

export interface LaunchOptions {
  /** The file that the program reads as its standard input. */
  readonly input?: string;
}

/** Starts a program of a server, which ends with this process. */
export function launch(
  home: ServerHome,
  program: string,
  programArguments: readonly string[],
  options: LaunchOptions = {},
): ChildProcess {
  const log = openSync(home.logFile, 'a');
  const input = options.input === undefined ? undefined : openSync(options.input, 'r');
  const child = spawn(program, programArguments, {
    ...home.account,
    cwd: home.directory.path,
    // Its own process group: Ctrl-C is for the program under test, which may still want its database.
    detached: true,
    env: environment(),
    stdio: [input ?? 'ignore', log, log],
    windowsHide: true,
  });
  closeSync(log);
  if (input !== undefined) closeSync(input);
  home.directory.owns(child.pid);
  return child;
}

function environment(): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(?:PG|LC_|MYSQL|MARIADB)/.test(name));
  return { ...Object.fromEntries(inherited), LC_ALL: 'C', LANG: 'C', TZ: 'UTC' };
}

/** Runs a program of a server to its end. */
export async function complete(name: string, child: ChildProcess, home: ServerHome): Promise<void> {
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`${name} failed:\n${await readFile(home.logFile, 'utf8')}`);
}

export interface ServerStart {
  /** As it stands in errors. */
  readonly name: string;
  readonly home: ServerHome;
  launchOn(port: number): ChildProcess;
  /** Asked every 10 ms, with what the process has logged. */
  isReady(child: ChildProcess, log: string): Promise<boolean> | boolean;
  /** What the server logs when another process has its port. */
  readonly portIsTaken: string;
}

/** Starts a server on `port` or, without one, on a free port: somebody else may take that in between, so it tries again. */
export async function startServer(start: ServerStart, port?: number): Promise<{ child: ChildProcess; port: number }> {
  for (let attempt = 1; ; attempt += 1) {
    const chosen = port ?? (await freePort());
    const logged = (await readLog(start)).length;
    const child = start.launchOn(chosen);
    if (await becomesReady(start, child, logged)) {
      child.unref();
      return { child, port: chosen };
    }
    const log = await readLog(start);
    if (attempt === 5 || !log.slice(logged).includes(start.portIsTaken)) {
      throw new Error(`${start.name} did not start:\n${log}`);
    }
  }
}

async function becomesReady(start: ServerStart, child: ChildProcess, logged: number): Promise<boolean> {
  const deadline = Date.now() + 30_000;
  while (child.exitCode === null && child.signalCode === null) {
    if (await start.isReady(child, (await readLog(start)).slice(logged))) return true;
    if (Date.now() > deadline) child.kill('SIGKILL');
    await sleep(10);
  }
  return false;
}

function readLog(start: ServerStart): Promise<string> {
  return readFile(start.home.logFile, 'utf8').catch(() => '');
}

/** Ends a server with `signal` and resolves when it is gone; one that does not go in time gets that of `lastResort`. */
export async function endServer(
  child: ChildProcess,
  signal: NodeJS.Signals,
  lastResort?: { readonly signal: NodeJS.Signals; readonly milliseconds: number },
): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.ref();
  const gone = once(child, 'exit');
  child.kill(signal);
  const timer = lastResort && setTimeout(() => child.kill(lastResort.signal), lastResort.milliseconds);
  await gone;
  clearTimeout(timer);
}

/** A port of 127.0.0.1 that nothing listens on at the moment. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('The system gave no port.');
  return address.port;
}
