import { type FileHandle, link, open, readFile, rm } from 'node:fs/promises';
import type { Holder } from './holder.ts';
import { orDiskFull } from './write-file.ts';

/**
 * Writes the record of a holder to a file beside the lock, which {@link linkAt} then puts in place, so that a half-written lock is never read. Throws a
 * ConnectionError `disk_full`.
 */
export async function writeRecord(draft: string, self: Holder): Promise<FileHandle> {
  const file = await open(draft, 'wx', 0o600).catch((error: unknown) => {
    throw orDiskFull(draft, error);
  });
  try {
    await file.writeFile(`${recordOf(self)}${renewal(0)}`);
    return file;
  } catch (error) {
    await file.close();
    await rm(draft, { force: true });
    throw orDiskFull(draft, error);
  }
}

/** Changes a record so that others see that its holder is alive. Through its handle: after a takeover this changes only an unlinked file. */
export async function renewRecord(file: FileHandle, self: Holder, count: number): Promise<void> {
  await file.write(renewal(count), Buffer.byteLength(recordOf(self)));
}

function recordOf(self: Holder): string {
  return `${JSON.stringify(self)}\n`;
}

/** Of constant length, so that each renewal overwrites the one before. */
function renewal(count: number): string {
  return `${String(count).padStart(16, '0')}\n`;
}

/** Puts a record in place as the lock; false when there is already a lock. Throws a ConnectionError `disk_full`. */
export async function linkAt(draft: string, path: string): Promise<boolean> {
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw orDiskFull(path, error);
  }
}

/** The text of a lock; undefined when there is none. */
export async function readRecord(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
