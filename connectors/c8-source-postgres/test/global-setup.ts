import { startPostgres } from 'test-services';
import type { TestProject } from 'vitest/node';
import type { Login } from './harness.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Login of the server that all test files share. */
    postgres: Login;
  }
}

/** Starts one server for all test files: each creates its own databases in it. */
export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  // Three files run at a time, and many tests of each.
  const settings = {
    max_connections: '200',
    max_prepared_transactions: '10',
    max_replication_slots: '100',
    max_wal_senders: '50',
  };
  const server = await startPostgres({ settings });
  const { host, port, user, password, database } = server;
  provide('postgres', { host, port, user, password, database });
  return () => server.stop();
}
