import { spawnSync } from 'node:child_process';
import { copyFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { startPostgres } from 'test-services';
import { inTurn, measure, ratio, table } from './measure.mjs';
import { serverProcess, withServer } from './server-seconds.mjs';

const commits = 5000;
const rowsOfCommit = 100;
const slot = 'changes';
const peer = 'pg_recvlogical, pgoutput as it comes';
const ours = 'c8connector sync';

/** Inserts, updates and deletes of a table, in transactions of 100 rows: 6 : 3 : 1. */
const makeChanges = `
DO $$ BEGIN
  FOR n IN 0 .. ${commits - 1} LOOP
    CASE
      WHEN n % 10 < 6 THEN
        INSERT INTO orders SELECT n * ${rowsOfCommit} + i, i, 'new', (n * i % 100000) / 100.0, 'note of order ' || i, clock_timestamp()
        FROM generate_series(1, ${rowsOfCommit}) AS i;
      WHEN n % 10 < 9 THEN
        UPDATE orders SET status = 'paid', total = total + 1, updated_at = clock_timestamp()
        WHERE id BETWEEN (n - 6) * ${rowsOfCommit} + 1 AND (n - 5) * ${rowsOfCommit};
      ELSE
        DELETE FROM orders WHERE id BETWEEN (n - 4) * ${rowsOfCommit} + 1 AND (n - 3) * ${rowsOfCommit};
    END CASE;
    COMMIT;
  END LOOP;
END $$`;

/**
 * The changes of a log, from the same position in each round: decoded, converted to JSON lines and confirmed once they are durable in a target that discards them, against the program of PostgreSQL
 * that takes the same messages and decodes nothing.
 */
export async function benchChanges({ rounds, host, folder }) {
  if (spawnSync('pg_recvlogical', ['--version']).status !== 0) {
    console.log('\nChanges: not measured, since pg_recvlogical is missing; it comes with the PostgreSQL server.');
    return;
  }
  // A server of its own: the one of the bench has wal_level = minimal.
  const postgres = await startPostgres({ settings: { shared_buffers: '512MB', max_wal_size: '4GB' } });
  const client = new pg.Client(postgres);
  await client.connect();
  try {
    const { connection, end, uri } = await prepare(postgres, client, { host, folder });
    const server = await serverProcess(uri);
    const arguments_ = ['-o', 'proto_version=1', '-o', `publication_names=${slot}`, '--endpos', end, '--no-loop'];
    const receive = ['pg_recvlogical', '--dbname', uri, '--slot', slot, '--start', '--file', '-', ...arguments_];
    console.log(`\n${commits * rowsOfCommit} row changes in ${commits} commits, medians of ${rounds}`);
    const figures = await inTurn(rounds, {
      [peer]: () => fromTheSamePosition(client, connection, () => withServer(server, () => measure(receive))),
      [ours]: () => fromTheSamePosition(client, connection, () => withServer(server, () => sync(host, connection))),
    });
    report(figures);
  } finally {
    await client.end();
    await postgres.stop();
  }
}

function report(figures) {
  table(figures);
  const compare = (of) => ratio(figures, ours, peer, of).text;
  console.log(`  ratio of elapsed times: ${compare()}`);
  const whole = compare((run) => run.user + run.system + run.server);
  console.log(`  ratio of CPU seconds of client and server: ${whole}`);
}

/** A connection that has copied its table and stored its position, followed by the changes. */
async function prepare(postgres, client, { host, folder }) {
  const { port, user, password, database } = postgres;
  await client.query(
    'CREATE TABLE orders (id bigint PRIMARY KEY, customer int, status text, total numeric(12,2), note text, updated_at timestamptz)',
  );
  const module = new URL('discard-target.mjs', import.meta.url);
  await writeFile(join(folder, 'discard-changes.mjs'), `export * from ${JSON.stringify(fileURLToPath(module))};`);
  const connection = join(folder, 'changes.json');
  const config = { host: '127.0.0.1', port, user, password, dbname: database, ssl_mode: 'disable' };
  await writeFile(
    connection,
    JSON.stringify({
      source: {
        connector: 'c8-source-postgres',
        config: { ...config, replication_method: 'LOG_BASED', replication_slot: slot },
      },
      target: { connector: './discard-changes.mjs', config: {} },
    }),
  );
  await measure([...host, 'sync', connection]);
  await copyFile(`${connection}.state.json`, `${connection}.first`);
  await client.query(`SELECT pg_copy_logical_replication_slot('${slot}', 'first')`);
  await client.query(makeChanges);
  const { rows } = await client.query('CHECKPOINT; SELECT pg_current_wal_flush_lsn() AS end').then(([, last]) => last);
  return { connection, end: rows[0].end, uri: `postgresql://${user}:${password}@127.0.0.1:${port}/${database}` };
}

/** Reads all changes. Throws if there are fewer, which would be faster. */
async function sync(host, connection) {
  const figures = await measure([...host, 'sync', connection]);
  const { streams } = JSON.parse(await readFile(`${connection}.run.json`, 'utf8'));
  const read = streams.reduce((sum, stream) => sum + stream.read, 0);
  if (read !== commits * rowsOfCommit) throw new Error(`${read} changes were read`);
  return figures;
}

/** Resets slot and state to before the changes, since each reader advances them. */
async function fromTheSamePosition(client, connection, once) {
  await client.query(`SELECT pg_drop_replication_slot('${slot}')`);
  await client.query(`SELECT pg_copy_logical_replication_slot('first', '${slot}')`);
  await rm(`${connection}.run.json`, { force: true });
  await copyFile(`${connection}.first`, `${connection}.state.json`);
  return await once();
}
