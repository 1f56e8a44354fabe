import { randomUUID } from 'node:crypto';
import { type FileHandle, link, open, readFile, rename, rm } from 'node:fs/promises';
import { ConfigError, ConnectorError, isC8Error } from '../interface/errors.ts';
import { type Holder, parseHolder, thisProcess } from './holder.ts';
import { untilDead } from './until-dead.ts';
import { orDiskFull } from './write-file.ts';

/** A lock that is held. */
export interface Lock extends AsyncDisposable {
  /** Rejects with a ConnectorError `claim_lost` when the lock is not ours any more: this process was paused for longer than the lease, or somebody removed the file. */
  check(): Promise<void>;
}

/** How a lock is held. */
export interface LockOptions {
  /** Milliseconds after which a holder in another container or on another machine that did not renew its lock counts as dead. */
  readonly lease?: number;
}

const defaultLease = 15_000;
const renewalsInLease = 5;

/**
 * Takes a lock file, renews it, and removes it when disposed. A lock whose process runs in this PID namespace is a ConfigError `state_locked` at once, and one whose process is dead is taken at once. One of
 * another container or machine is judged by its renewals: alive when one is seen, dead and taken after a whole lease without one. No clocks are compared.
 */
export async function lockFile(path: string, { lease = defaultLease }: LockOptions = {}): Promise<Lock> {
  const self = await thisProcess(randomUUID(), lease);
  const draft = `${path}.${self.id}`;
  const file = await writeRecord(draft, self);
  try {
    await take(path, draft, self);
  } catch (error) {
    await file.close();
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
  return held(path, self, file);
}

async function take(path: string, draft: string, self: Holder): Promise<void> {
  for (;;) {
    if (await linkAt(draft, path)) return;
    const text = await readText(path);
    if (text === undefined) continue;
    const found = await untilDead({ text, self, read: () => readText(path) });
    if (found === 'alive') throw locked(path, parseHolder(text));
    if (found === 'dead' && (await takeOver(path, text, draft, self))) return;
  }
}

/** Two waiters may find the same dead lock: whoever holds the lock of its id, which no later lock has, may replace it. */
async function takeOver(path: string, dead: string, draft: string, { lease }: Holder): Promise<boolean> {
  const turn = await lockFile(`${path}.${parseHolder(dead)?.id ?? 'unknown'}.dead`, { lease }).catch((error) => {
    throw isC8Error(error) && error.code === 'state_locked' ? locked(path, undefined) : error;
  });
  try {
    if ((await readText(path)) !== dead) return false;
    await rename(draft, path);
    return true;
  } finally {
    await turn[Symbol.asyncDispose]();
  }
}

function held(path: string, self: Holder, file: FileHandle): Lock {
  let renewals = 0;
  let isLost = false;
  const isOurs = async (): Promise<boolean> => {
    isLost ||= parseHolder((await readText(path)) ?? '')?.id !== self.id;
    return !isLost;
  };
  // By the handle: after a takeover it is a file that nobody sees any more.
  const renew = (): Promise<unknown> => file.write(renewal(++renewals), recordOf(self).length).catch(() => undefined);
  const timer = setInterval(renew, self.lease / renewalsInLease);
  timer.unref();
  return {
    async check() {
      if (await isOurs()) return;
      throw new ConnectorError(
        `${path} is not held by this run any more: the run was paused for too long, or somebody removed the file`,
        {
          code: 'claim_lost',
          details: { file: path },
        },
      );
    },
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await file.close();
      if (await isOurs()) await rm(path, { force: true });
    },
  };
}

/** Written beside its place first, so that nobody ever reads a lock that is half written. */
async function writeRecord(draft: string, self: Holder): Promise<FileHandle> {
  const file = await open(draft, 'wx', 0o600);
  try {
    await file.writeFile(`${recordOf(self)}${renewal(0)}`);
    return file;
  } catch (error) {
    await file.close();
    await rm(draft, { force: true });
    throw orDiskFull(draft, error);
  }
}

function recordOf(self: Holder): string {
  return `${JSON.stringify(self)}\n`;
}

/** Always as long, so that one replaces the one before. */
function renewal(count: number): string {
  return `${String(count).padStart(16, '0')}\n`;
}

async function linkAt(draft: string, path: string): Promise<boolean> {
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function locked(path: string, holder: Holder | undefined): ConfigError {
  const who = holder === undefined ? 'another process' : `process ${holder.pid} on ${holder.host}`;
  return new ConfigError(`${path} is held by ${who}: a run of this connection is under way`, {
    code: 'state_locked',
    details: { file: path },
  });
}
