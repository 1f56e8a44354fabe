import { expect, it } from 'vitest';
import { findMariaDb, ServerNotInstalled } from '../../src/mysql/installation.ts';

it('tells what to install where no folder has a MariaDB server', () => {
  const search = () => findMariaDb(['/no/such/folder']);
  expect(search).toThrow(ServerNotInstalled);
  expect(search).toThrow(/^No MariaDB server is installed \(.*apt-get install .*mariadb-server-core\)\.$/);
});
