import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

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

/** The path of `mysqld` in the folder that MYSQL_SERVER names: what stands on the PATH under this name may be MariaDB. */
export function findMySql(folder = process.env.MYSQL_SERVER): string {
  if (!folder) throw new ServerNotInstalled('MYSQL_SERVER names no folder of a MySQL server.');
  const program = join(folder, 'bin', 'mysqld');
  if (existsSync(program)) return program;
  throw new ServerNotInstalled(`MYSQL_SERVER names ${folder}, which has no bin/mysqld.`);
}

/** Why `startMariaDb` cannot start a server, for tests that skip then; `undefined` when it can. */
export function missingMariaDb(): string | undefined {
  return missing(findMariaDb);
}

/** Why `startMySql` cannot start a server, for tests that skip then; `undefined` when it can. */
export function missingMySql(): string | undefined {
  return missing(findMySql);
}

function missing(find: () => string): string | undefined {
  try {
    find();
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
