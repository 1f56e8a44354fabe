import { appendFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { diskError } from './errors.ts';

/** Names say whose they are, so that the next process can take away what a killed one left. */
const prefix = `c8-target-s3-${hostname().replace(/[^A-Za-z0-9]/g, '')}-`;

/** A directory of temporary files, readable by nobody else. Disposing removes it with all that it holds. */
export class Spool implements AsyncDisposable {
  readonly directory: string;
  #count = 0;

  private constructor(directory: string) {
    this.directory = directory;
  }

  static async open(): Promise<Spool> {
    try {
      await removeLeftovers();
      return new Spool(await mkdtemp(join(tmpdir(), `${prefix}${process.pid}-`)));
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

/** The directories of processes of this machine that are dead: nobody disposed them. */
async function removeLeftovers(): Promise<void> {
  const names = (await readdir(tmpdir())).filter((name) => name.startsWith(prefix));
  const dead = names.filter((name) => !isAlive(Number.parseInt(name.slice(prefix.length), 10)));
  // Of somebody else's only the owner can remove them.
  await Promise.all(
    dead.map((name) => rm(join(tmpdir(), name), { recursive: true, force: true }).catch(() => undefined)),
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

/** Adds bytes to a file; no handle stays open, whatever the number of streams. A full disk is a ConnectionError `disk_full`. */
export async function append(path: string, bytes: Uint8Array, directory: string): Promise<void> {
  try {
    await appendFile(path, bytes, { mode: 0o600 });
  } catch (error) {
    throw diskError(error, directory);
  }
}
