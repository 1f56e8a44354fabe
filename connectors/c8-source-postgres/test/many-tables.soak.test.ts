// Takes about 40 s.
import { expect, test } from 'vitest';
import { configOf, connectTo, createDatabase, discoverAll } from './harness.ts';

test('five thousand tables are discovered with as many queries as one table', async () => {
  const database = await createDatabase();
  await using client = await connectTo(database);
  for (let first = 0; first < 5000; first += 500)
    await client.query(`do $$ begin for n in ${first}..${first + 499} loop
      execute format('create table t%s (id bigint primary key, name text not null, at timestamptz, amount numeric(12, 2), document jsonb)', n);
    end loop; end $$`);
  const startedAt = performance.now();
  const streams = await discoverAll(configOf(database));
  console.log(`5,000 tables in ${((performance.now() - startedAt) / 1000).toFixed(2)} s`);
  expect(streams).toHaveLength(5000);
  expect(streams.every(({ replication }) => replication?.keys?.length === 4)).toBe(true);
}, 300_000);
