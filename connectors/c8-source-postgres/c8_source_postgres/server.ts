import type { Client } from 'pg';
import { ownQuery } from './own-query.ts';

/** What the settings of a transaction depend on. */
export interface Server {
  /** Major version, 18 for 18.1; 0 when the server does not report it. */
  readonly version: number;
  /** Whether the database has the encoding SQL_ASCII: its texts are bytes of an unknown encoding. */
  readonly hasNoEncoding: boolean;
  /** Also false when the role may not find out. */
  readonly isLinux: boolean;
}

/** Collects the parameters that the server reports during the login. To be called before `connect`. */
export function collectParameters(client: Client): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>();
  client.connection.on('parameterStatus', (message: { parameterName: string; parameterValue: string }) => {
    parameters.set(message.parameterName, message.parameterValue);
  });
  return parameters;
}

/** Describes the server, after the login. Errors are those of pg. */
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
    // The function may be revoked from public, and only a convenience needs it.
    if ((error as { code?: unknown }).code === '42501') return false;
    throw error;
  }
}

/** Settings of a transaction that only some servers support or need, as statements. */
export function settingsFor({ version, hasNoEncoding, isLinux }: Server): readonly string[] {
  return [
    // Unconverted bytes: otherwise the server would refuse everything that is not UTF-8, without naming table or column.
    ...(hasNoEncoding ? [`set local client_encoding = 'SQL_ASCII'`] : []),
    ...(version >= 17 ? ['set local transaction_timeout = 0'] : []),
    // Ends the query of a client that has disconnected, if the server's platform can detect that.
    ...(isLinux ? [`set local client_connection_check_interval = '1s'`] : []),
  ];
}
