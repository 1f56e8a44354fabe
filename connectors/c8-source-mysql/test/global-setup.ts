import { type MySqlServer, missingMariaDb, missingMySql, startMariaDb, startMySql } from 'test-services';
import type { TestProject } from 'vitest/node';
import type { Login, ServerName } from './harness.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Logins of the servers that all test files share; without those that are not installed. */
    mysqlServers: Partial<Record<ServerName, Login>>;
  }
}

/** Starts the installed servers for all test files: each creates its own databases in them. */
export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  // Three files run at a time, and many tests of each.
  const options = { settings: { max_connections: '300' } };
  const started = await Promise.all([
    missingMariaDb() === undefined ? startMariaDb(options) : undefined,
    missingMySql() === undefined ? startMySql(options) : undefined,
  ]);
  const [mariaDb, mySql] = started;
  provide('mysqlServers', { ...(mariaDb && { MariaDB: loginOf(mariaDb) }), ...(mySql && { MySQL: loginOf(mySql) }) });
  return async () => {
    await Promise.all(started.map((server) => server?.stop()));
  };
}

function loginOf({ host, port, user, password, database }: MySqlServer): Login {
  return { host, port, user, password, database };
}
