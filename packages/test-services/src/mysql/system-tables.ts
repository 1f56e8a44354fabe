import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { giveTo } from '../account.ts';
import { complete, launch, type ServerHome } from '../server-process.ts';
import { sharedFolder } from './installation.ts';

/** Their names begin with `mysql_` or, in later versions, with `mariadb_`. */
const files = ['_system_tables.sql', '_performance_tables.sql', '_system_tables_data.sql'];

/**
 * What mariadb-install-db does, without what no test reads (help, sys schema) and without the programs that it wants beside the server. Its
 * administrator is `root` with this password, its first database `test`.
 */
export async function createSystemTables(
  home: ServerHome,
  mariadbd: string,
  configurationFile: string,
  password: string,
): Promise<void> {
  const folder = await sharedFolder(mariadbd);
  const names = await readdir(folder);
  const texts = files.map((ending) => {
    const name = names.find(
      (candidate) => /^(?:mysql|mariadb)_/.test(candidate) && candidate.replace(/^[a-z]+/, '') === ending,
    );
    if (name === undefined) throw new Error(`${folder} has no file mysql${ending}.`);
    return readFile(join(folder, name), 'utf8');
  });
  const accounts = ["root@'localhost'", "root@'127.0.0.1'"];
  const statements = [
    'CREATE DATABASE mysql;',
    'USE mysql;',
    'SET @auth_root_socket = NULL;',
    ...(await Promise.all(texts)),
    "DELETE FROM global_priv WHERE user <> 'mariadb.sys';",
    'DELETE FROM proxies_priv;',
    'FLUSH PRIVILEGES;',
    ...accounts.map((account) => `CREATE USER ${account} IDENTIFIED BY '${password}';`),
    ...accounts.map((account) => `GRANT ALL ON *.* TO ${account} WITH GRANT OPTION;`),
    'CREATE DATABASE test CHARACTER SET utf8mb4;',
    '',
  ];
  const input = join(home.directory.path, 'system-tables.sql');
  await writeFile(input, statements.join('\n'), { mode: 0o600 });
  await giveTo(home.account, input);
  // Settings of a test must not reach these statements, which shall not stand in the binary log either.
  const options = [`--defaults-file=${configurationFile}`, '--bootstrap', '--skip-log-bin', '--sql-mode='];
  await complete('mariadbd --bootstrap', home, launch(home, mariadbd, options, { input }));
  await rm(input);
}
