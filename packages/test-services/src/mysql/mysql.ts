import { complete, launch, type ServerHome } from '../server-process.ts';
import { type Flavour, grantStatements, writeStatements } from './flavour.ts';
import { findMySql } from './installation.ts';

export const mySql: Flavour = {
  name: 'MySQL',
  find: () => findMySql(),
  settings: {
    gtid_mode: 'ON',
    enforce_gtid_consistency: 'ON',
    innodb_redo_log_capacity: '48M',
    // Its port would be the same for all servers.
    mysqlx: 'OFF',
    // Debian's default is a folder of the whole machine.
    secure_file_priv: '',
  },
  initialize,
};

async function initialize(
  home: ServerHome,
  program: string,
  configurationFile: string,
  password: string,
): Promise<readonly string[]> {
  const options = [`--defaults-file=${configurationFile}`, '--initialize-insecure'];
  await complete('mysqld --initialize', launch(home, program, options), home);
  // Accounts cannot be changed while it initializes.
  const file = await writeStatements(home, ['SET SESSION sql_log_bin = OFF;', ...grantStatements(password)]);
  return [`--init-file=${file}`];
}
