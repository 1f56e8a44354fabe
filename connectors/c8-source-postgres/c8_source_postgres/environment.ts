import type { Client } from 'pg';

/** Settings with which the constructor of pg's client does not read the environment, where an invalid value would cause an error. */
export const withoutEnvironment = { sslnegotiation: 'postgres', client_encoding: 'UTF8' } as const;

/**
 * Removes what pg took from PGOPTIONS and PGREPLICATION, before it is sent: only the config counts. A pooler refuses unknown options, and an option
 * may change what is read. To be called before `connect`.
 */
export function forgetEnvironment(client: Client): void {
  // pg's types lack the member that it sends at the start.
  const { connectionParameters } = client as Client & { readonly connectionParameters: Record<string, unknown> };
  Object.assign(connectionParameters, { options: undefined, replication: undefined });
  Object.assign(client, { replication: undefined });
}

/** Requests a session that can follow the log of its database. To be called before `connect`, after `forgetEnvironment`. */
export function askForReplication(client: Client): void {
  const { connectionParameters } = client as Client & { readonly connectionParameters: Record<string, unknown> };
  Object.assign(connectionParameters, { replication: 'database' });
}
