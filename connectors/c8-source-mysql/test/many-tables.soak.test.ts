// Takes about 40 s.
import { expect, test } from 'vitest';
import { configOf, connectTo, createDatabase, describeServers, discoverAll, sharedServer } from './harness.ts';

describeServers('two thousand tables', (server) => {
  test('are discovered within seconds', async () => {
    const database = await createDatabase(sharedServer(server));
    await using client = await connectTo(database);
    for (let n = 0; n < 2000; n++)
      await client.query(
        `create table t${n} (id bigint primary key, name varchar(50) not null, at timestamp null, amount decimal(12, 2), document json)`,
      );
    const startedAt = performance.now();
    const streams = await discoverAll(configOf(database));
    console.log(`2,000 tables of ${server} in ${((performance.now() - startedAt) / 1000).toFixed(2)} s`);
    expect(streams).toHaveLength(2000);
    expect(streams.every(({ schema }) => schema.properties.document?.['x-c8-type'] === 'json')).toBe(true);
  }, 300_000);
});
