import { spawnSync } from 'node:child_process';
import { createReadStream, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';

const cache = fileURLToPath(new URL('.cache/', import.meta.url));

/** Why a program cannot be used; undefined if it can. */
export function missingProgram(command, what) {
  return spawnSync(command, ['--version'], { stdio: 'ignore' }).status === 0
    ? undefined
    : `It needs ${command} (${what}).`;
}

/** What the bench needs beside Node and cannot install: the names of what is missing. */
export function missingTools() {
  const found = (command, ...args) => spawnSync(command, args, { stdio: 'ignore' }).status === 0;
  return [
    ...(found('psql', '--version') ? [] : ['psql (a PostgreSQL client)']),
    ...(found('python3', '-c', 'import venv, ensurepip') ? [] : ['python3 with venv']),
  ];
}

/** Creates a Python environment with the TPC-H generator and DuckDB; returns its folder of programs. */
export function pythonTools() {
  const folder = join(cache, 'python');
  if (!existsSync(join(folder, 'bin', 'tpchgen-cli'))) {
    mkdirSync(cache, { recursive: true });
    call('python3', ['-m', 'venv', folder]);
    call(join(folder, 'bin', 'pip'), [
      'install',
      '--quiet',
      'tpchgen-cli',
      'duckdb',
      'duckdb-extensions',
      'duckdb-extension-postgres-scanner',
    ]);
  }
  return join(folder, 'bin');
}

/** TPC-H lineitem at a scale, as a file of lines with `|` after each field. */
export function lineitem(tools, scale) {
  const folder = join(cache, `scale-${scale}`);
  const file = join(folder, 'lineitem.tbl');
  if (!existsSync(file))
    call(join(tools, 'tpchgen-cli'), ['-s', String(scale), '--tables', 'lineitem', '--output-dir', folder]);
  return file;
}

function call(command, args) {
  const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}: ${stderr}`);
}

const columns = `
  l_orderkey bigint NOT NULL, l_partkey bigint NOT NULL, l_suppkey bigint NOT NULL, l_linenumber integer NOT NULL,
  l_quantity numeric(15,2) NOT NULL, l_extendedprice numeric(15,2) NOT NULL, l_discount numeric(15,2) NOT NULL, l_tax numeric(15,2) NOT NULL,
  l_returnflag char(1) NOT NULL, l_linestatus char(1) NOT NULL, l_shipdate date NOT NULL, l_commitdate date NOT NULL, l_receiptdate date NOT NULL,
  l_shipinstruct char(25) NOT NULL, l_shipmode char(10) NOT NULL, l_comment varchar(44) NOT NULL`;

/** Loads a table for each scale, and returns the number of rows of each. */
export async function load(connection, tools, scales) {
  const client = new pg.Client(connection);
  await client.connect();
  const counts = new Map();
  try {
    for (const [table, scale] of Object.entries(scales)) {
      const file = lineitem(tools, scale);
      await client.query(`CREATE UNLOGGED TABLE ${table} (${columns})`);
      // Each line of the generator ends in a delimiter: one more column than the table has.
      await client.query(
        `DROP TABLE IF EXISTS raw; CREATE TEMP TABLE raw (LIKE ${table}); ALTER TABLE raw ADD COLUMN rest text`,
      );
      await pipeline(
        createReadStream(file),
        client.query(copyFrom(`COPY raw FROM STDIN (DELIMITER '|', NULL 'never')`)),
      );
      await client.query(`ALTER TABLE raw DROP COLUMN rest; INSERT INTO ${table} SELECT * FROM raw`);
      await client.query(`VACUUM (FREEZE, ANALYZE) ${table}`);
      const { rows } = await client.query(`SELECT count(*)::int AS count FROM ${table}`);
      counts.set(table, rows[0].count);
    }
  } finally {
    await client.end();
  }
  return counts;
}
