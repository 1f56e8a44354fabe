import { type MySqlServer, startMariaDb, startMySql } from 'test-services';
import { connectTo, type Login, type ServerName } from '../harness.ts';
import { dumpLog, type LogPosition } from './dump.ts';

/** A server that no other test file uses, since its settings change. */
export async function ownServer(
  server: ServerName,
  settings: Readonly<Record<string, string>> = {},
): Promise<MySqlServer> {
  return await (server === 'MariaDB' ? startMariaDb : startMySql)({ settings });
}

/** Where the log ends now. */
async function currentPosition(server: ServerName, login: Login): Promise<LogPosition> {
  await using client = await connectTo(login);
  const rows = await client.query(server === 'MySQL' ? 'show binary log status' : 'show master status');
  const [{ File: file, Position: position }] = rows as [{ File: string; Position: number }];
  return { file, position };
}

/** The packets of what some work adds to the log. */
export async function packetsOf(
  server: ServerName,
  login: Login,
  work: () => Promise<void>,
  options?: Parameters<typeof dumpLog>[2],
): Promise<readonly Uint8Array[]> {
  const position = await currentPosition(server, login);
  await work();
  return await dumpLog(login, position, options);
}
