import { expect, it } from 'vitest';
import { findMariaDb, findMySql, ServerNotInstalled } from '../../src/mysql/installation.ts';

it('tells what to install where no folder has a MariaDB server', () => {
  const find = () => findMariaDb(['/no/such/folder']);
  expect(find).toThrow(ServerNotInstalled);
  expect(find).toThrow(/^No MariaDB server is installed \(.*apt-get install .*mariadb-server-core\)\.$/);
});

it('tells what MYSQL_SERVER lacks', () => {
  const find = (folder: string) => () => findMySql(folder);
  expect(find('')).toThrow(ServerNotInstalled);
  expect(find('')).toThrow('MYSQL_SERVER names no folder of a MySQL server.');
  expect(find('/no/such/folder')).toThrow('MYSQL_SERVER names /no/such/folder, which has no bin/mysqld.');
});
