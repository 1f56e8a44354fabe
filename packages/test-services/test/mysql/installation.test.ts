import { expect, it } from 'vitest';
import { findMariaDb, findMySql, ServerNotInstalled } from '../../src/mysql/installation.ts';

it('names what to install if no folder has a MariaDB server', () => {
  const find = () => findMariaDb(['/no/such/folder']);
  expect(find).toThrow(ServerNotInstalled);
  expect(find).toThrow(/^No MariaDB server is installed \(.*apt-get install .*mariadb-server-core\)\.$/);
});

it('names what is missing in MYSQL_SERVER', () => {
  const find = (folder: string) => () => findMySql(folder);
  expect(find('')).toThrow(ServerNotInstalled);
  expect(find('')).toThrow('MYSQL_SERVER names no folder of a MySQL server.');
  expect(find('/no/such/folder')).toThrow('MYSQL_SERVER names /no/such/folder, which has no bin/mysqld.');
});
