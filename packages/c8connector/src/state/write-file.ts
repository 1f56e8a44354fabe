import { randomUUID } from 'node:crypto';
import { open, readdir, readlink, realpath, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { ConnectionError } from '../interface/errors.ts';

/** How {@link writeFileAtomically} writes. */
export interface WriteFileOptions {
  /** Called when all of the new content is safe beside the file, before it takes the file's place. When it rejects, the file stays as it is. */
  readonly beforeReplacing?: () => Promise<void>;
}

/**
 * Replaces a file whole or not at all, also when the machine goes down: written beside it, synced, renamed. Behind a symbolic link the file is replaced and
 * the link stays. Only its owner may read it. Throws a ConnectionError `disk_full`.
 */
export async function writeFileAtomically(
  path: string,
  content: string | AsyncIterable<string>,
  { beforeReplacing }: WriteFileOptions = {},
): Promise<void> {
  const target = await followLinks(path);
  const draft = `${target}.${randomUUID()}.tmp`;
  try {
    await using file = await open(draft, 'wx', 0o600);
    for await (const part of typeof content === 'string' ? [content] : content) await file.writeFile(part);
    await file.sync();
    await beforeReplacing?.();
    await rename(draft, target);
    await syncFolder(dirname(target));
  } catch (error) {
    await rm(draft, { force: true });
    throw orDiskFull(path, error);
  }
}

/** Removes what writers that were killed left beside a file, and with it what a writer that was paused could still put in the file's place. */
export async function removeDrafts(path: string): Promise<void> {
  const prefix = `${basename(path)}.`;
  const names = (await readdir(dirname(path))).filter((name) => name.startsWith(prefix) && name.endsWith('.tmp'));
  await Promise.all(names.map((name) => rm(join(dirname(path), name), { force: true })));
}

/** Makes it durable which files a folder has. */
export async function syncFolder(path: string): Promise<void> {
  // Windows has no handles on folders.
  if (process.platform === 'win32') return;
  await using folder = await open(path, 'r');
  await folder.sync();
}

/** The file that a path leads to, also when it does not exist yet. */
export async function followLinks(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const folder = await realpath(dirname(path));
  const target = await readlink(path).catch(() => undefined);
  return target === undefined ? join(folder, basename(path)) : followLinks(resolve(folder, target));
}

/** The error, or a ConnectionError `disk_full` when it says that there is no space. */
export function orDiskFull(path: string, error: unknown): unknown {
  if (!['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code ?? '')) return error;
  return new ConnectionError(`${path} cannot be written: no space left on the disk`, {
    code: 'disk_full',
    cause: error,
    details: { file: path },
  });
}
