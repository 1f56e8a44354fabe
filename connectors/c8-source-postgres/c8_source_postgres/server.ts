import type { Client } from 'pg';
import { ownQuery } from './own-query.ts';

/** What the settings of a transaction depend on. */
export interface Server {
  /** 18 for 18.1; 0 when the server does not say. */
  readonly version: number;
  /** The database has the encoding SQL_ASCII: its texts are bytes of which nobody knows what they mean. */
  readonly hasNoEncoding: boolean;
  /** False, too, when the role may not know. */
  readonly isLinux: boolean;
}

/** Keeps what the server reports of itself during the login. To be called before `connect`. */
export function collectParameters(client: Client): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>();
  client.connection.on('parameterStatus', (message: { parameterName: string; parameterValue: string }) => {
    parameters.set(message.parameterName, message.parameterValue);
  });
  return parameters;
}

/** The server after a login that is done. Errors are those of pg. */
export async function describeServer(client: Client, parameters: ReadonlyMap<string, string>): Promise<Server> {
  return {
    version: Number.parseInt(parameters.get('server_version') ?? '', 10) || 0,
    hasNoEncoding: parameters.get('server_encoding') === 'SQL_ASCII',
    isLinux: await findLinux(client),
  };
}

async function findLinux(client: Client): Promise<boolean> {
  try {
    const [row] = await ownQuery<{ version?: string }>(client, 'select pg_catalog.version() as version');
    return /linux/i.test(row?.version ?? '');
  } catch (error) {
    // The function may be revoked from public, and only a convenience depends on it.
    if ((error as { code?: unknown }).code === '42501') return false;
    throw error;
  }
}

/** The settings of a transaction that not every server has, or not every one wants, as statements. */
export function settingsFor({ version, hasNoEncoding, isLinux }: Server): readonly string[] {
  return [
    // The bytes as they are: the server would refuse all that is not UTF-8, and name neither table nor column.
    ...(hasNoEncoding ? [`set local client_encoding = 'SQL_ASCII'`] : []),
    ...(version >= 17 ? ['set local transaction_timeout = 0'] : []),
    // Ends the query of a reader that has gone away, where the platform of the server can notice it.
    ...(isLinux ? [`set local client_connection_check_interval = '1s'`] : []),
  ];
}
