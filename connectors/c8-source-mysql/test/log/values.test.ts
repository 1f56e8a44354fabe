import { expect, test } from 'vitest';
import {
  configOf,
  connectTo,
  createDatabase,
  describeServers,
  discoverAll,
  execute,
  type Login,
  linesOf,
  type ServerName,
  sharedServer,
} from '../harness.ts';
import { dumpLog, type LogPosition } from './dump.ts';
import { loggedRows } from './logged-rows.ts';
import { testTables } from './tables.ts';

describeServers('a value in the log', (server) => {
  test('is the same as in a copy of the table', async () => {
    const tables = testTables(server);
    const login = await createDatabase(sharedServer(server));
    await execute(
      login,
      `set sql_mode = ''`,
      ...tables.map(({ name, create }) => `create table ${name} (id int primary key, ${create})`),
    );
    const position = await currentPosition(server, login);
    await execute(
      login,
      `set sql_mode = ''`,
      `set time_zone = '+00:00'`,
      ...tables.map(
        ({ name, rows }) => `insert into ${name} values ${rows.map((row, index) => `(${index}, ${row})`).join(', ')}`,
      ),
    );
    const config = configOf(login);
    const streams = await discoverAll(config);
    const rows = loggedRows(server, await dumpLog(login, position), streams, config);
    for (const stream of streams) {
      const logged = rows.get(stream.tableName)?.map(({ after }) => after);
      expect.soft(logged, stream.tableName).toEqual(await linesOf(stream, config));
    }
  });
});

async function currentPosition(server: ServerName, login: Login): Promise<LogPosition> {
  await using client = await connectTo(login);
  const rows = await client.query(server === 'MySQL' ? 'show binary log status' : 'show master status');
  const [{ File: file, Position: position }] = rows as [{ File: string; Position: number }];
  return { file, position };
}
