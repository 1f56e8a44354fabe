import type { Client } from 'pg';

/** Settings under which the constructor of pg's client does not ask the environment, where a bad value would be an error of its own. */
export const withoutEnvironment = { sslnegotiation: 'postgres', client_encoding: 'UTF8' } as const;

/**
 * Forgets what pg took from PGOPTIONS and PGREPLICATION before it sends it: the config says all there is to say. A pooler refuses what it does not know, and an option
 * may change what is read. To be called before `connect`.
 */
export function forgetEnvironment(client: Client): void {
  // pg's types do not know the member that it sends at the start.
  const { connectionParameters } = client as Client & { readonly connectionParameters: Record<string, unknown> };
  Object.assign(connectionParameters, { options: undefined, replication: undefined });
  Object.assign(client, { replication: undefined });
}

/** Makes the session one that can follow the change log of its database. To be called before `connect`, behind `forgetEnvironment`. */
export function askForReplication(client: Client): void {
  const { connectionParameters } = client as Client & { readonly connectionParameters: Record<string, unknown> };
  Object.assign(connectionParameters, { replication: 'database' });
}
