import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { ConfigError } from '../interface/errors.ts';

/** Who holds a lock. The start time tells a process from a later one that got the same number. */
interface Holder {
  readonly pid: number;
  readonly startedAt: string;
  readonly host: string;
}

/**
 * Takes a lock file, and gives it back when disposed. A lock whose process is dead is taken over at once; a living one, or one of another machine, is a
 * ConfigError `state_locked`.
 */
export async function lockFile(path: string): Promise<AsyncDisposable> {
  const text = JSON.stringify({
    pid: process.pid,
    startedAt: await startTime(process.pid),
    host: hostname(),
  } satisfies Holder);
  if (!(await create(path, text))) {
    await removeDead(path);
    if (!(await create(path, text))) throw locked(path, await readFile(path, 'utf8').catch(() => ''));
  }
  return {
    async [Symbol.asyncDispose]() {
      await rm(path, { force: true });
    },
  };
}

/** Linked into place, so that nobody ever reads a lock that is half written. */
async function create(path: string, text: string): Promise<boolean> {
  const draft = `${path}.${randomUUID()}`;
  await writeFile(draft, text, { flag: 'wx', mode: 0o600 });
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

async function removeDead(path: string): Promise<void> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return;
  if (await isAlive(text)) throw locked(path, text);
  const aside = `${path}.${randomUUID()}`;
  // Two runs may find the same dead lock: what was moved away must be the one that was read, else it goes back.
  await rename(path, aside).catch(() => undefined);
  const moved = await readFile(aside, 'utf8').catch(() => text);
  if (moved !== text) await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
}

async function isAlive(text: string): Promise<boolean> {
  const holder = parseHolder(text);
  if (holder === undefined) return false;
  if (holder.host !== hostname()) return true;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    // EPERM: it lives, and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return (await startTime(holder.pid)) === holder.startedAt;
}

function parseHolder(text: string): Holder | undefined {
  try {
    const holder: unknown = JSON.parse(text);
    return typeof holder === 'object' && holder !== null && 'pid' in holder ? (holder as Holder) : undefined;
  } catch {
    return undefined;
  }
}

/** When a process started, in ticks since boot; '' where the system does not tell, which then trusts the number alone. */
async function startTime(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

function locked(path: string, text: string): ConfigError {
  const holder = parseHolder(text);
  const who = holder === undefined ? 'another process' : `process ${holder.pid} on ${holder.host}`;
  return new ConfigError(`${path} is held by ${who}: a run of this connection is under way`, {
    code: 'state_locked',
    details: { file: path },
  });
}
