// Takes about 120 s.
import { setTimeout as sleep } from 'node:timers/promises';
import { type MySqlServer, type SwallowingProxy, startMariaDb, startMySql, startSwallowingProxy } from 'test-services';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readTable } from '../c8_source_mysql/copy.ts';
import {
  configOf,
  connectTo,
  contextOf,
  createDatabase,
  describeServers,
  discoverAll,
  type Login,
  readLines,
} from './harness.ts';

const statements = [
  'create table numbers (id int primary key)',
  'insert into numbers select seq from seq_1_to_5000',
  `create view endless as select repeat('x', 1000) as text from numbers a, numbers b, numbers c`,
  'create view ending as select id, sleep(case when id > 1 then 3 else 0 end) as slept from numbers where id < 3',
  'create view slow as select id, sleep(40) as slept from numbers where id = 1',
  `create view paged as select id, repeat('x', 1000) as text from numbers`,
  'create table locked (id int)',
  'insert into locked values (1)',
  `create user single@'%' identified by 'single' with max_user_connections 1`,
  `grant select on *.* to single@'%'`,
];

describeServers('a connection that dies silently', (name) => {
  let server: MySqlServer;
  let database: Login;

  beforeAll(async () => {
    server = await (name === 'MariaDB' ? startMariaDb() : startMySql());
    database = await createDatabase(
      server,
      name === 'MariaDB'
        ? statements
        : statements.map((statement) =>
            statement.replace(
              'select seq from seq_1_to_5000',
              `with recursive seq as (select 1 as n union all select n + 1 from seq where n < 5000) select /*+ set_var(cte_max_recursion_depth = 5000) */ n from seq`,
            ),
          ),
    );
  }, 60_000);

  afterAll(() => server.stop());

  /** Milliseconds from the moment when the proxy begins to swallow bytes to the error of the read. */
  async function noticed(view: string, which: 'existing' | 'all', delay: number) {
    await using proxy: SwallowingProxy = await startSwallowingProxy(database);
    const config = configOf(database, { port: proxy.port, source_table: view });
    const [stream] = await discoverAll(config);
    if (stream === undefined) throw new Error('not discovered');
    let since = 0;
    const swallowing = (async () => {
      await sleep(delay);
      since = performance.now();
      proxy.swallow(which);
    })();
    const reading = (async () => {
      for await (const _ of readTable(stream, contextOf(stream, config)));
    })();
    await expect(reading).rejects.toMatchObject({
      code: 'connection_lost',
      isRetryable: true,
      message: expect.stringContaining('dead'),
    });
    await swallowing;
    return performance.now() - since;
  }

  test.concurrent.each([
    ['in the middle of rows, while a new connection works', 'endless', 'existing', 1500],
    ['in the middle of rows, while no new connection works', 'endless', 'all', 1500],
    ['while the server ends the query', 'ending', 'existing', 1500],
    ['while the server works, and no new connection works', 'slow', 'all', 1500],
  ] as const)(
    'is detected within 30 s: %s',
    async (_, view, which, delay) => {
      expect(await noticed(view, which, delay)).toBeLessThan(30_000);
    },
    60_000,
  );

  test.concurrent('is not confused with a server that works, or a table that is locked, for longer than that', async () => {
    await using other = await connectTo(database);
    await other.query('lock tables locked write');
    const reads = [readLines(configOf(database), 'slow'), readLines(configOf(database), 'locked')];
    const single = readLines(configOf(database, { user: 'single', password: 'single' }), 'locked');
    await sleep(35_000);
    await other.query('unlock tables');
    expect(await Promise.all([...reads, single])).toEqual([['{"id":1,"slept":0}'], ['{"id":1}'], ['{"id":1}']]);
  }, 90_000);

  test.concurrent('is not confused with a reader that takes long to read a page', async () => {
    const config = configOf(database, { source_table: 'paged' });
    const [stream] = await discoverAll(config);
    if (stream === undefined) throw new Error('not discovered');
    let rows = 0;
    for await (const page of readTable(stream, contextOf(stream, config))) {
      rows += 'lines' in page ? page.count : 0;
      if (rows < 2500) await sleep(14_000);
    }
    expect(rows).toBe(5000);
  }, 60_000);
});
