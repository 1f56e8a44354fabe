import { DuckDBInstance } from '@duckdb/node-api';
import pg from 'pg';
import { download } from './download.mjs';

/** One line of text for each row, which both sides write alike, and the checksum of all of them. */
const checks = {
  'public-cities': {
    from: 'cities',
    text: `concat_ws('|', id, name, country, coalesce(region, '-'), coalesce(district, '-'), latitude, longitude, as_published)`,
    order: 'id',
  },
  'public-regions': { from: 'regions', text: `concat_ws('|', code, name)`, order: 'code' },
  'public-districts': { from: 'districts', text: `concat_ws('|', code, name)`, order: 'code' },
  'public-cities_by_country': {
    from: 'cities_by_country',
    text: `concat_ws('|', country, cities, northernmost)`,
    order: 'country',
  },
};

const summary = ({ from, text, order }, collation = '') =>
  `SELECT count(*) AS rows, md5(string_agg(${text}, chr(10) ORDER BY ${order}${collation})) AS checksum FROM ${from}`;

/** Reads every object back with DuckDB and compares counts and checksums with PostgreSQL's own. Throws when a stream differs. */
export async function compareSides(connection, s3, bucket, folder) {
  const client = new pg.Client({ ...connection, database: connection.dbname });
  await client.connect();
  const duckdb = await (await DuckDBInstance.create()).connect();
  console.log('\nReading the objects back with DuckDB:');
  try {
    for (const [stream, check] of Object.entries(checks)) {
      const objects = (await s3.objects(bucket)).filter(({ key }) => key.startsWith(`${stream}/`));
      const files = await download(s3, bucket, objects, folder);
      const collation = check.order === 'id' ? '' : ' COLLATE "C"';
      const [here] = (await client.query(summary(check, collation))).rows;
      const parquet = `read_parquet([${files.map((file) => `'${file}'`).join(', ')}])`;
      const [there] = (await duckdb.runAndReadAll(summary({ ...check, from: parquet }))).getRowObjects();
      const isEqual = String(here.rows) === String(there.rows) && here.checksum === there.checksum;
      const size = objects.reduce((sum, object) => sum + object.size, 0);
      console.log(
        `  ${isEqual ? '✓' : '✗'} ${stream.padEnd(24)} ${String(there.rows).padStart(7)} rows  ${objects.length} object${objects.length === 1 ? '' : 's'}, ${(size / 1e6).toFixed(1)} MB  md5 ${here.checksum}`,
      );
      if (!isEqual)
        throw new Error(
          `${stream}: PostgreSQL has ${here.rows} rows, md5 ${here.checksum}; S3 has ${there.rows}, md5 ${there.checksum}`,
        );
    }
  } finally {
    duckdb.closeSync();
    await client.end();
  }
}
