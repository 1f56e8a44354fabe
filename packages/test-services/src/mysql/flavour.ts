import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { giveTo } from '../account.ts';
import type { ServerHome } from '../server-process.ts';

/** In what MariaDB and MySQL differ. */
export interface Flavour {
  readonly name: 'MariaDB' | 'MySQL';
  /** The path of the server's program. @throws {ServerNotInstalled} */
  find(): string;
  /** Lines of my.cnf that the other one does not know. */
  readonly settings: Readonly<Record<string, string>>;
  /** Fills the empty data directory, and gives the further arguments of the first start. */
  initialize(
    home: ServerHome,
    program: string,
    configurationFile: string,
    password: string,
  ): Promise<readonly string[]>;
}

/** The administrator, over TCP and over the socket, and the first database. */
export function grantStatements(password: string): string[] {
  const accounts = ["root@'localhost'", "root@'127.0.0.1'"];
  return [
    ...accounts.map((account) => `CREATE USER IF NOT EXISTS ${account};`),
    ...accounts.map((account) => `ALTER USER ${account} IDENTIFIED BY '${password}';`),
    ...accounts.map((account) => `GRANT ALL ON *.* TO ${account} WITH GRANT OPTION;`),
    'CREATE DATABASE IF NOT EXISTS test CHARACTER SET utf8mb4;',
  ];
}

/** Writes a file that the server alone can read, for its start, and gives its path. */
export async function writeStatements(home: ServerHome, statements: readonly string[]): Promise<string> {
  const path = join(home.directory.path, 'initialize.sql');
  await writeFile(path, [...statements, ''].join('\n'), { mode: 0o600 });
  await giveTo(home.account, path);
  return path;
}
