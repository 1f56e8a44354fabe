// Takes about 60 s.

import { startTcpProxy } from 'test-services';
import { expect, test } from 'vitest';
import { configOf, connectTo, createDatabase, describeServers, discoverAll, sharedServer } from './harness.ts';

describeServers('two thousand tables', (server) => {
  test('are discovered with as many queries as one table', async () => {
    const database = await createDatabase(sharedServer(server));
    await using client = await connectTo(database);
    for (let n = 0; n < 2000; n += 1)
      await client.query(
        `create table t${n} (id bigint primary key, name varchar(20) not null, at timestamp null, amount decimal(12, 2), document json) engine = MyISAM`,
      );
    let queries = 0;
    await using proxy = await startTcpProxy(database, (source, upstream) => {
      // The command of a query begins with 3.
      source.on('data', (bytes) => {
        queries += bytes[4] === 3 ? 1 : 0;
      });
      source.pipe(upstream).pipe(source);
    });
    const startedAt = performance.now();
    const streams = await discoverAll(configOf(database, { port: proxy.port }));
    console.log(`${server}: 2,000 tables in ${((performance.now() - startedAt) / 1000).toFixed(2)} s`);
    expect(streams).toHaveLength(2000);
    // JSON of MariaDB is found with a query for each sixty tables.
    expect(queries).toBeLessThan(60);
  }, 300_000);
});
