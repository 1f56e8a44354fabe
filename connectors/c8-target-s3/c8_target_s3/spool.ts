import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { diskError } from './errors.ts';
import { directoryPrefix, removeLeftovers } from './leftovers.ts';
import { temporaryFileLost } from './temporary-file.ts';

/**
 * A directory of temporary files that only this user can read. It knows how many bytes were written to each file, so a file that a cleaner of the temporary folder removed or truncated is an error,
 * and no rows are lost unnoticed. Disposing removes the directory with its files.
 */
export class Spool implements AsyncDisposable {
  readonly directory: string;
  readonly #sizes = new Map<string, number>();
  #count = 0;

  private constructor(directory: string) {
    this.directory = directory;
  }

  static async open(): Promise<Spool> {
    try {
      await removeLeftovers(tmpdir());
      return new Spool(await mkdtemp(join(tmpdir(), `${await directoryPrefix()}${process.pid}-`)));
    } catch (error) {
      throw diskError(error, tmpdir());
    }
  }

  /** The path of a file that does not exist yet. */
  newPath(): string {
    this.#count += 1;
    return join(this.directory, String(this.#count));
  }

  /**
   * Adds bytes to a file, and keeps no handle open, so that many streams do not need many handles. Throws a ConnectionError: `disk_full`, or `temporary_file_lost` if the file does not have the
   * bytes that were added before. One call at a time for each file.
   */
  async append(path: string, bytes: Uint8Array): Promise<void> {
    const size = this.sizeOf(path);
    await using file = await openExpected(path, size === 0 ? 'a' : 'r+', size);
    try {
      for (let at = 0; at < bytes.length; ) {
        const { bytesWritten } = await file.write(bytes, at, bytes.length - at, size + at);
        at += bytesWritten;
      }
    } catch (error) {
      throw diskError(error, path);
    }
    this.#sizes.set(path, size + bytes.length);
  }

  /** The number of bytes that were added to a file. */
  sizeOf(path: string): number {
    return this.#sizes.get(path) ?? 0;
  }

  /**
   * Opens a file for reading. If it is removed after that, it can still be read to its end. Throws a ConnectionError `temporary_file_lost` if it does not have the bytes that were added.
   */
  async read(path: string): Promise<FileHandle> {
    return await openExpected(path, 'r', this.sizeOf(path));
  }

  async remove(path: string): Promise<void> {
    this.#sizes.delete(path);
    await rm(path, { force: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.directory, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Opens a file that must have `size` bytes. */
async function openExpected(path: string, flags: string, size: number): Promise<FileHandle> {
  let file: FileHandle;
  try {
    file = await open(path, flags, 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw temporaryFileLost(path, undefined, size);
    throw diskError(error, path);
  }
  const { size: found } = await file.stat();
  if (found === size) return file;
  await file.close();
  throw temporaryFileLost(path, found, size);
}
