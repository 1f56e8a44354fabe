import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';

/** No server of this kind is installed on this machine. */
export class ServerNotInstalled extends Error {
  readonly code = 'ServerNotInstalled';

  constructor(message: string) {
    super(message);
    this.name = 'ServerNotInstalled';
  }
}

/** The path of `mariadbd`. */
export function findMariaDb(folders: readonly string[] = programFolders()): string {
  const program = folders.map((folder) => join(folder, 'mariadbd')).find((path) => existsSync(path));
  if (program !== undefined) return program;
  throw new ServerNotInstalled(
    'No MariaDB server is installed (on Debian and Ubuntu: apt-get install --no-install-recommends mariadb-server-core).',
  );
}

/** Why `startMariaDb` cannot start a server, for tests that skip then; `undefined` when it can. */
export function missingMariaDb(): string | undefined {
  try {
    findMariaDb();
    return undefined;
  } catch (error) {
    if (error instanceof ServerNotInstalled) return error.message;
    throw error;
  }
}

/** Those of PATH, and where Debian has it, which is on the PATH of root only. */
function programFolders(): string[] {
  return [...(process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== ''), '/usr/sbin'];
}

/** The folder of the SQL files from which MariaDB makes its system tables. */
export async function sharedFolder(mariadbd: string): Promise<string> {
  const { stdout } = await promisify(execFile)(mariadbd, ['--no-defaults', '--verbose', '--help']);
  const charsets = /^character-sets-dir\s+(\S.*)$/m.exec(stdout)?.[1];
  if (charsets === undefined) throw new Error(`${mariadbd} names no folder of character sets.`);
  return dirname(charsets.trim());
}
