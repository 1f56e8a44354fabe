import { randomUUID } from 'node:crypto';
import { open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ConnectionError } from '../interface/errors.ts';

/** Replaces a file whole or not at all, also when the machine goes down: written beside it, synced, renamed. */
export async function writeFileAtomically(path: string, text: string): Promise<void> {
  const draft = `${path}.${randomUUID()}.tmp`;
  try {
    await using file = await open(draft, 'wx', 0o600);
    await file.writeFile(text);
    await file.sync();
    await rename(draft, path);
    await syncFolder(dirname(path));
  } catch (error) {
    await rm(draft, { force: true });
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    throw new ConnectionError(`${path} cannot be written: no space left on the disk`, {
      code: 'disk_full',
      cause: error,
    });
  }
}

/** Removes what writers that were killed left beside a file. Nobody else may be writing it. */
export async function removeDrafts(path: string): Promise<void> {
  const prefix = `${basename(path)}.`;
  const names = (await readdir(dirname(path))).filter((name) => name.startsWith(prefix) && name.endsWith('.tmp'));
  await Promise.all(names.map((name) => rm(join(dirname(path), name), { force: true })));
}

async function syncFolder(path: string): Promise<void> {
  // Windows has no handles on folders.
  if (process.platform === 'win32') return;
  await using folder = await open(path, 'r');
  await folder.sync();
}
