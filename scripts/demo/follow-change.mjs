import { DuckDBInstance } from '@duckdb/node-api';
import pg from 'pg';
import { download } from './download.mjs';

/** A row that changes, one that goes and one that comes; each is a transaction of its own. */
const statements = [
  `UPDATE cities SET name = 'Königsberg' WHERE id = 1`,
  `DELETE FROM cities WHERE id = 2`,
  `INSERT INTO cities VALUES (999999, 'Atlantis', 'XX', NULL, NULL, 0, 0, '{}')`,
];

/** The rows as they are now: the last operation of each key, unless it deleted the row. */
const currentRows = (files) => `
  SELECT count(*) AS rows, md5(string_agg(concat_ws('|', id, name, country), chr(10) ORDER BY id)) AS checksum FROM (
    SELECT * FROM read_parquet(${files}, union_by_name = true)
    QUALIFY row_number() OVER (PARTITION BY id ORDER BY _sdc_sequence DESC) = 1
  ) WHERE _sdc_deleted_at IS NULL`;

/** Changes three cities in PostgreSQL, and shows each statement. */
export async function changeCities(connection) {
  const client = new pg.Client({ ...connection, database: connection.dbname });
  await client.connect();
  try {
    console.log('\nThree rows change in PostgreSQL:');
    for (const statement of statements) {
      await client.query(statement);
      console.log(`  ${statement};`);
    }
  } finally {
    await client.end();
  }
}

/** Shows the objects that came with the changes, and compares the rows that all objects come to with the table. Throws when they differ. */
export async function showChanges(connection, s3, bucket, { folder, before }) {
  const known = new Set(before.map(({ key }) => key));
  const all = (await s3.objects(bucket)).filter(({ key }) => key.startsWith('public-cities/'));
  const files = await download(s3, bucket, all, folder);
  const fresh = files.filter((_, index) => !known.has(all[index].key));
  const client = new pg.Client({ ...connection, database: connection.dbname });
  await client.connect();
  const duckdb = await (await DuckDBInstance.create()).connect();
  const query = async (sql) => (await duckdb.runAndReadAll(sql)).getRowObjectsJson();
  try {
    console.log('\nWhat arrived in S3:');
    const columns = 'id, name, _sdc_deleted_at IS NOT NULL AS is_deleted, _sdc_sequence';
    for (const row of await query(`SELECT ${columns} FROM read_parquet(${list(fresh)}) ORDER BY _sdc_sequence`))
      console.log(`  id ${String(row.id).padEnd(7)} ${row.is_deleted ? 'deleted' : row.name}`);
    const [there] = await query(currentRows(list(files)));
    const [here] = (await client.query(tableNow)).rows;
    const isEqual = String(here.rows) === String(there.rows) && here.checksum === there.checksum;
    console.log(
      `  ${isEqual ? '✓' : '✗'} all objects together are the table as it is now: ${there.rows} rows, md5 ${there.checksum}`,
    );
    if (!isEqual) throw new Error(`PostgreSQL has ${here.rows} rows, md5 ${here.checksum}`);
  } finally {
    duckdb.closeSync();
    await client.end();
  }
}

const tableNow = `SELECT count(*) AS rows, md5(string_agg(concat_ws('|', id, name, country), chr(10) ORDER BY id)) AS checksum FROM cities`;

function list(files) {
  return `[${files.map((file) => `'${file}'`).join(', ')}]`;
}
