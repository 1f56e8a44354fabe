import { createHash } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { processNamespace } from 'c8connector';

const program = 'c8-target-s3-';

/**
 * What the names of the temporary directories of this process begin with, before its number: the program, and a hash of where the number counts. Two containers with one temporary
 * folder have the same numbers and may have the same host name.
 */
export async function directoryPrefix(): Promise<string> {
  const namespace = await processNamespace();
  const text = namespace ?? `unknown ${hostname()}`;
  return `${program}${createHash('sha256').update(text).digest('hex').slice(0, 12)}-`;
}

/** Removes what dead processes left in a folder, as far as this process can know that they are dead: it sees only those of its own namespace. */
export async function removeLeftovers(folder: string): Promise<void> {
  if ((await processNamespace()) === undefined) return;
  const prefix = await directoryPrefix();
  const names = (await readdir(folder)).filter((name) => name.startsWith(prefix));
  const dead = names.filter((name) => !isAlive(Number.parseInt(name.slice(prefix.length), 10)));
  // Of somebody else's only the owner can remove them.
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
