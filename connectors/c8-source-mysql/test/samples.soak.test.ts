// Takes about 40 s.
import { expect, test, vi } from 'vitest';
import { MysqlSource } from '../c8_source_mysql/index.ts';
import {
  connectTo,
  createDatabase,
  describeServers,
  rawConfigOf,
  recordingLog,
  sharedServer,
  threadsOf,
} from './harness.ts';
import { streamIn } from './runs.ts';

describeServers('samples', (server) => {
  test('a locked table and a slow view do not stop other samples, are logged with the reason, and leave no query running', async () => {
    const names = Array.from({ length: 12 }, (_, index) => `t${index}`);
    const database = await createDatabase(sharedServer(server), [
      ...names.map((name) => `create table ${name} as select 1 as id`),
      'create table locked as select 1 as id',
      'create view slow as select 1 as id, sleep(600) as slept',
    ]);
    await using client = await connectTo(database);
    await client.query('lock tables locked write');
    const log = recordingLog();
    const startedAt = performance.now();
    const samples = await new MysqlSource().samples(rawConfigOf(database), { log });
    expect(performance.now() - startedAt).toBeLessThan(20_000);
    const stream = (table: string) => streamIn(database, table);
    expect(Object.fromEntries(samples.map(({ schema, data }) => [schema.name, data.length]))).toEqual({
      [stream('locked')]: 0,
      [stream('slow')]: 0,
      ...Object.fromEntries(names.map((name) => [stream(name), 1])),
    });
    expect(log.warnings).toEqual(
      expect.arrayContaining([
        expect.stringContaining(`waiting for ${stream('locked')} for 1 s`),
        expect.stringMatching(new RegExp(`^no sample of ${stream('locked')}: Another session holds a lock`)),
        expect.stringMatching(new RegExp(`^no sample of ${stream('slow')}: `)),
      ]),
    );
    await client.query('unlock tables');
    const running = async () =>
      (await threadsOf(database)).filter(({ statement }) => statement.includes(database.database));
    await vi.waitFor(async () => expect(await running()).toEqual([]), { timeout: 5000 });
  });
});
