import { randomUUID } from 'node:crypto';
import { open, readdir, readlink, realpath, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { ConnectionError } from '../interface/errors.ts';

/** How {@link writeFileAtomically} writes. */
export interface WriteFileOptions {
  /** Called when the new content is durable beside the file, before it replaces the file. When it rejects, the file stays as it is. */
  readonly beforeReplacing?: () => Promise<void>;
}

/**
 * Replaces a file as a whole or not at all, also when the machine crashes: written beside it, synced, renamed. When the path is a symbolic link, the file that it leads to is replaced and
 * the link stays. Only the owner may read the file. Throws a ConnectionError `disk_full`.
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

/** Removes the drafts that killed writers left beside a file, including one with which a paused writer could still replace the file. */
export async function removeDrafts(path: string): Promise<void> {
  const prefix = `${basename(path)}.`;
  const names = (await readdir(dirname(path))).filter((name) => name.startsWith(prefix) && name.endsWith('.tmp'));
  await Promise.all(names.map((name) => rm(join(dirname(path), name), { force: true })));
}

/** Makes the list of files in a folder durable. */
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
