import pg from 'pg';
import { atMost, difference, inTurn, table } from './measure.mjs';

const count = 1000;

/** Many tables of one row against one table of many rows: what a stream costs beside its rows. */
export async function benchManyStreams({ rounds, config, postgres, sync }) {
  await makeTables(postgres);
  console.log(`\n${count} streams of one row, medians of ${rounds}`);
  const many = `${count} streams of one row`;
  const one = `one stream of ${count} rows`;
  const figures = await inTurn(rounds, {
    [one]: () => sync({ ...config, filter_schemas: 'one' }, undefined, 1),
    [many]: () => sync({ ...config, filter_schemas: 'many' }, undefined, 1),
  });
  table(figures);
  atMost('seconds more', difference(figures, many, one), 3);
}

async function makeTables(postgres) {
  const client = new pg.Client(postgres);
  await client.connect();
  try {
    await client.query(`
      CREATE SCHEMA one; CREATE SCHEMA many;
      CREATE TABLE one.rows AS SELECT id, 'row ' || id AS name FROM generate_series(1, ${count}) AS id`);
    const names = Array.from({ length: count }, (_, index) => `table_${index}`);
    await client.query(names.map((name) => `CREATE TABLE many.${name} AS SELECT 1 AS id, 'row' AS name`).join(';'));
    await client.query('VACUUM ANALYZE');
  } finally {
    await client.end();
  }
}
