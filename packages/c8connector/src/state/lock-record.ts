import { type FileHandle, link, open, readFile, rm } from 'node:fs/promises';
import type { Holder } from './holder.ts';
import { orDiskFull } from './write-file.ts';

/**
 * Writes the record of a holder to a file beside the lock, which {@link linkAt} puts in its place: nobody ever reads a lock that is half written. Throws a
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

/** Changes a record so that others see that its holder lives. By its handle: after a takeover it is a file that nobody sees any more. */
export async function renewRecord(file: FileHandle, self: Holder, count: number): Promise<void> {
  await file.write(renewal(count), Buffer.byteLength(recordOf(self)));
}

function recordOf(self: Holder): string {
  return `${JSON.stringify(self)}\n`;
}

/** Always as long, so that one replaces the one before. */
function renewal(count: number): string {
  return `${String(count).padStart(16, '0')}\n`;
}

/** Puts a record in the place of a lock; false when there is one. Throws a ConnectionError `disk_full`. */
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
