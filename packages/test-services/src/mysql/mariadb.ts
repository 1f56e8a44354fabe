import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { complete, launch, type ServerHome } from '../server-process.ts';
import { type Flavour, grantStatements, writeStatements } from './flavour.ts';
import { findMariaDb } from './installation.ts';

export const mariaDb: Flavour = {
  name: 'MariaDB',
  find: () => findMariaDb(),
  settings: { log_slave_updates: 'ON', gtid_strict_mode: 'ON', innodb_log_file_size: '48M' },
  initialize,
};

/** Their names begin with `mysql_` or, in later versions, with `mariadb_`. */
const tableFiles = ['_system_tables.sql', '_performance_tables.sql', '_system_tables_data.sql'];

/**
 * What mariadb-install-db does, without what no test reads (the tables of help, the sys schema) and without the programs that it wants
 * beside the server.
 */
async function initialize(home: ServerHome, program: string, configurationFile: string, password: string): Promise<[]> {
  const folder = await sharedFolder(program);
  const names = await readdir(folder);
  const texts = tableFiles.map((ending) => {
    const name = names.find((candidate) => [`mysql${ending}`, `mariadb${ending}`].includes(candidate));
    if (name === undefined) throw new Error(`${folder} has no file mysql${ending}.`);
    return readFile(join(folder, name), 'utf8');
  });
  const input = await writeStatements(home, [
    'CREATE DATABASE mysql;',
    'USE mysql;',
    'SET @auth_root_socket = NULL;',
    ...(await Promise.all(texts)),
    "DELETE FROM global_priv WHERE user <> 'mariadb.sys';",
    'DELETE FROM proxies_priv;',
    'FLUSH PRIVILEGES;',
    ...grantStatements(password),
  ]);
  // Settings of a test must not reach these statements, which shall not stand in the binary log either.
  const options = [`--defaults-file=${configurationFile}`, '--bootstrap', '--skip-log-bin', '--sql-mode='];
  await complete('mariadbd --bootstrap', launch(home, program, options, { input }), home);
  return [];
}

/** The folder of the SQL files from which MariaDB makes its system tables. */
async function sharedFolder(program: string): Promise<string> {
  const { stdout } = await promisify(execFile)(program, ['--no-defaults', '--verbose', '--help']);
  const charsets = /^character-sets-dir\s+(\S.*)$/m.exec(stdout)?.[1];
  if (charsets === undefined) throw new Error(`${program} names no folder of character sets.`);
  return dirname(charsets.trim());
}
