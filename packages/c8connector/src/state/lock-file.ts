import { randomUUID } from 'node:crypto';
import { type FileHandle, rename, rm } from 'node:fs/promises';
import { ConfigError, ConnectorError, isC8Error } from '../interface/errors.ts';
import { type Holder, parseHolder, thisProcess } from './holder.ts';
import { removeLeftovers } from './lock-leftovers.ts';
import { linkAt, readRecord, renewRecord, writeRecord } from './lock-record.ts';
import { untilDead } from './until-dead.ts';

/** A lock that is held. */
export interface Lock extends AsyncDisposable {
  /** Whether a check or a renewal has found the lock lost. */
  isLost(): boolean;
  /**
   * Rejects with a ConnectorError `claim_lost` when the lock is no longer ours: this process was paused for longer than the lease, or someone removed the
   * file.
   */
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
 * Takes a lock file, renews it, and removes it when disposed. When the holder is a process of this PID namespace, a live one is a ConfigError `state_locked` at once, and the lock of
 * a dead one is taken at once. A holder in another container or machine is judged by its renewals: alive when one is seen; dead, and the lock taken, after a whole lease
 * without one. No clocks are compared.
 */
export async function lockFile(path: string, { lease = defaultLease }: LockOptions = {}): Promise<Lock> {
  const self = await thisProcess(randomUUID(), lease);
  const draft = `${path}.${self.id}`;
  const file = await writeRecord(draft, self);
  try {
    await take(path, draft, self);
    // Leftovers that cannot be removed do no harm.
    await removeLeftovers(path, self).catch(() => undefined);
  } catch (error) {
    await file.close();
    // Another process took the lock meanwhile, because this one was paused for so long that it seemed dead.
    throw (error as NodeJS.ErrnoException).code === 'ENOENT' ? locked(path, undefined) : error;
  } finally {
    await rm(draft, { force: true });
  }
  return held(path, self, file);
}

async function take(path: string, draft: string, self: Holder): Promise<void> {
  for (;;) {
    if (await linkAt(draft, path)) return;
    const text = await readRecord(path);
    if (text === undefined) continue;
    const found = await untilDead({ text, self, read: () => readRecord(path) });
    if (found === 'alive') throw locked(path, parseHolder(text));
    if (found === 'dead' && (await takeOver(path, text, draft, self))) return;
  }
}

/** Several waiters may find the same dead lock. Only the one that holds a lock named after its id, which no later lock has, may replace it. */
async function takeOver(path: string, dead: string, draft: string, { lease }: Holder): Promise<boolean> {
  const turn = await lockFile(`${path}.${parseHolder(dead)?.id ?? 'unknown'}.dead`, { lease }).catch((error) => {
    throw isC8Error(error) && error.code === 'state_locked' ? locked(path, undefined) : error;
  });
  try {
    if ((await readRecord(path)) !== dead) return false;
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
    isLost ||= parseHolder((await readRecord(path)) ?? '')?.id !== self.id;
    return !isLost;
  };
  const renew = async (): Promise<void> => {
    renewals += 1;
    await renewRecord(file, self, renewals);
    await isOurs();
  };
  // The next check finds a failure.
  const timer = setInterval(() => renew().catch(() => undefined), self.lease / renewalsInLease);
  timer.unref();
  return {
    isLost: () => isLost,
    async check() {
      if (await isOurs()) return;
      throw new ConnectorError(
        `${path} is no longer held by this run: the run was paused for too long, or the file was removed`,
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

function locked(path: string, holder: Holder | undefined): ConfigError {
  const who = holder === undefined ? 'another process' : `process ${holder.pid} on ${holder.host}`;
  return new ConfigError(`${path} is held by ${who}: a run of this connection is in progress`, {
    code: 'state_locked',
    details: { file: path },
  });
}
