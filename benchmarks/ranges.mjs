import pg from 'pg';
import { atMost, inTurn, measure, ratio, table } from './measure.mjs';

const plain = 'psql COPY';
const whole = 'psql COPY, by halves of the table';
const inOnePiece = 'in one piece, in any order';
const byKey = 'in the order of the key';
const twoByKey = '2 ranges of the key at once';
const twoByBlock = '2 ranges of blocks at once';

/** A copy in key order, and in two ranges in parallel, against `psql` on as many connections. */
export async function benchRanges({ rounds, config, postgres, uri, name, sync }) {
  await addKey(postgres, name);
  const stream = `public-${name}`;
  console.log(`\nCopies in ranges, ${name}, medians of ${rounds}`);
  const half = await middleBlock(postgres, name);
  const psql = (text) => `psql '${uri}' --quiet --command "COPY (${text}) TO STDOUT" > /dev/null`;
  const halves = ['<', '>='].map((side) => psql(`SELECT * FROM ${name} WHERE ctid ${side} '(${half},0)'`));
  const figures = await inTurn(rounds, {
    [plain]: () => measure(['psql', uri, '--quiet', '--command', `COPY ${name} TO STDOUT`]),
    [byKey]: () => sync(config, [stream], 1),
    [inOnePiece]: () => sync({ ...config, consistency: 'snapshot' }, [stream], 1),
    [whole]: () => measure(['sh', '-c', `${halves.join(' & ')} & wait`]),
    [twoByKey]: () => sync({ ...config, partitions: 2 }, [stream], 2),
    [twoByBlock]: () => sync({ ...config, partitions: 2, consistency: 'snapshot' }, [stream], 2),
  });
  table(figures);
  atMost('walls by the key against psql', ratio(figures, byKey, plain), 1.2);
  console.log(`  elapsed time in key order compared with storage order: ${ratio(figures, byKey, inOnePiece).text}`);
  atMost('walls of 2 ranges of the key against psql on 2 connections', ratio(figures, twoByKey, whole), 1.8);
  atMost('walls of 2 ranges of blocks against psql on 2 connections', ratio(figures, twoByBlock, whole), 1.8);
  atMost(
    'peaks of memory, 2 ranges against one',
    ratio(figures, twoByKey, byKey, (run) => run.peak),
    2,
  );
}

async function addKey(postgres, name) {
  const client = new pg.Client(postgres);
  await client.connect();
  try {
    await client.query(`ALTER TABLE ${name} ADD PRIMARY KEY (l_orderkey, l_linenumber)`);
    await client.query(`VACUUM ANALYZE ${name}`);
  } finally {
    await client.end();
  }
}

async function middleBlock(postgres, name) {
  const client = new pg.Client(postgres);
  await client.connect();
  try {
    const { rows } = await client.query(`SELECT (pg_relation_size('${name}') / 8192 / 2)::int AS half`);
    return rows[0].half;
  } finally {
    await client.end();
  }
}
