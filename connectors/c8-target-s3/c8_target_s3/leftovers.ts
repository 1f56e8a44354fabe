import { createHash } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { processNamespace } from 'c8connector';

const program = 'c8-target-s3-';

/**
 * The prefix of this process's temporary directories, which the process id follows: the program, and a hash of the namespace in which the id is unique. Two containers that share a temporary
 * folder can have the same ids and the same host name.
 */
export async function directoryPrefix(): Promise<string> {
  const namespace = await processNamespace();
  const text = namespace ?? `unknown ${hostname()}`;
  return `${program}${createHash('sha256').update(text).digest('hex').slice(0, 12)}-`;
}

/** Removes what dead processes left in a folder. Only for processes of its own namespace can this process know that they are dead. */
export async function removeLeftovers(folder: string): Promise<void> {
  if ((await processNamespace()) === undefined) return;
  const prefix = await directoryPrefix();
  const names = (await readdir(folder)).filter((name) => name.startsWith(prefix));
  const dead = names.filter((name) => !isAlive(Number.parseInt(name.slice(prefix.length), 10)));
  // Only their owner can remove the directories of another user.
  await Promise.all(
    dead.map((name) => rm(join(folder, name), { recursive: true, force: true }).catch(() => undefined)),
  );
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
