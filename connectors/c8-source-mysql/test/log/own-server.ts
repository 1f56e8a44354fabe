import { type MySqlOptions, type MySqlServer, startMariaDb, startMySql } from 'test-services';
import type { Login, ServerName } from '../harness.ts';

/** Starts a server for one test, whose log may be lost, and whose settings may be changed. */
export async function startOwn(
  server: ServerName,
  settings: NonNullable<MySqlOptions['settings']> = {},
): Promise<MySqlServer> {
  return server === 'MariaDB' ? await startMariaDb({ settings }) : await startMySql({ settings });
}

export function loginOf({ host, port, user, password, database }: MySqlServer): Login {
  return { host, port, user, password, database };
}
