import pg from 'pg';
import { atMost, inTurn } from '../measure.mjs';
import { dirtyTable } from './dirty.mjs';

/** Limits of the peak memory in MB: of the process of a sync, and of both processes of a pipe together, with lineitem and with dirty values. */
const mostOfSync = 300;
const mostOfPipe = 320;
const mostOfDirtyPipe = 400;
/** How many times a larger table repeats the rows of the given one, through a view. */
const times = 10;

/** Peak memory of a sync and of a Singer pipe to Parquet, for a table, for ten times its rows, and for forty columns of dirty values. `sync` and `pipe` measure one run of a table. */
export async function benchMemory({ rounds, postgres, name, title, sync, pipe }) {
  const manifold = `${name}_${times}`;
  await makeTables(postgres, name, manifold);
  const bench = async (what, once, limit) => {
    const figures = await inTurn(rounds, { [what]: once }, 0);
    const peaks = figures[what].map(({ peak }) => peak);
    const value = Math.max(...peaks);
    atMost(`${what}, peak in MB`, { median: value, text: peaks.map((peak) => peak.toFixed(0)).join(', ') }, limit);
  };
  console.log(`\nPeak memory of ${rounds}`);
  await bench(`sync of ${title}`, () => sync(name), mostOfSync);
  await bench(`sync of ${times} times as many`, () => sync(manifold), mostOfSync);
  await bench('sync of 1M rows of 40 dirty columns', () => sync('dirty'), mostOfSync);
  await bench(`pipe of ${title}, sum of both`, () => pipe(name), mostOfPipe);
  await bench('pipe of 1M rows of 40 dirty columns, sum of both', () => pipe('dirty'), mostOfDirtyPipe);
}

async function makeTables(postgres, name, manifold) {
  const client = new pg.Client(postgres);
  await client.connect();
  try {
    const parts = Array.from({ length: times }, () => `SELECT * FROM ${name}`);
    await client.query(`CREATE VIEW ${manifold} AS ${parts.join(' UNION ALL ')}`);
    await client.query(dirtyTable('dirty', 1_000_000));
  } finally {
    await client.end();
  }
}
