import { readdir, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type Holder, isRunning, parseHolder } from './holder.ts';
import { readRecord } from './lock-record.ts';

/** After this many leases a file beside the lock counts as left over: a process needs its files only for a few leases, and renews those that it needs longer. */
const leases = 10;
/** A draft of a lock, a lock named after the id of a dead one, and a draft of that. */
const leftover = /^(?:[0-9a-f-]{36}|unknown\.dead)(?:\.dead|\.[0-9a-f-]{36})*$/;

/**
 * Removes the files beside this lock of processes that were killed while they took it. To be called by the holder of the lock. A file made in this PID namespace is removed when its process is
 * dead; any other one when it is far older than the lock, by the clock of the file system that wrote both.
 */
export async function removeLeftovers(path: string, self: Holder): Promise<void> {
  const folder = dirname(path);
  const prefix = `${basename(path)}.`;
  const names = (await readdir(folder)).filter(
    (name) => name.startsWith(prefix) && leftover.test(name.slice(prefix.length)),
  );
  const files = names.map((name) => join(folder, name));
  await Promise.all(
    files.map(async (file) => {
      if (await isLeft(file, path, self)) await rm(file, { force: true });
    }),
  );
}

async function isLeft(file: string, path: string, self: Holder): Promise<boolean> {
  const holder = parseHolder((await readRecord(file)) ?? '');
  if (holder?.namespace !== undefined && holder.namespace === self.namespace) return !(await isRunning(holder));
  const [made, taken] = await Promise.all([writtenAt(file), writtenAt(path)]);
  return made !== undefined && taken !== undefined && taken - made > leases * self.lease;
}

/** Milliseconds since 1970; undefined when the file is gone. */
async function writtenAt(file: string): Promise<number | undefined> {
  const found = await stat(file).catch(() => undefined);
  return found?.mtimeMs;
}
