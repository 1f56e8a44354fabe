import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { diskError } from './errors.ts';

/** A directory of temporary files, readable by nobody else. Disposing removes it with all that it holds. */
export class Spool implements AsyncDisposable {
  readonly directory: string;
  #count = 0;

  private constructor(directory: string) {
    this.directory = directory;
  }

  static async open(): Promise<Spool> {
    try {
      return new Spool(await mkdtemp(join(tmpdir(), 'c8-target-s3-')));
    } catch (error) {
      throw diskError(error, tmpdir());
    }
  }

  /** The path of a file that does not exist yet. */
  newPath(): string {
    this.#count += 1;
    return join(this.directory, String(this.#count));
  }

  async remove(path: string): Promise<void> {
    await rm(path, { force: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.directory, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Adds bytes to a file; no handle stays open, whatever the number of streams. A full disk is a ConnectionError `disk_full`. */
export async function append(path: string, bytes: Uint8Array, directory: string): Promise<void> {
  try {
    await appendFile(path, bytes, { mode: 0o600 });
  } catch (error) {
    throw diskError(error, directory);
  }
}
