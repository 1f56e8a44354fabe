/**
 * The Parquet encoder alone beside DuckDB, which writes the same rows from a table in its memory: one million rows like those of lineitem, zstd level 1. CPU seconds are
 * those of the process with all its threads. `--rounds N` (5), `--rows N`. The ratios are what counts: seconds depend on the machine.
 */
import { mkdtemp, open, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { DuckDBInstance } from '@duckdb/node-api';
import { createParquetEncoder, loadCodec, openParquetWriter } from 'c8connector-parquet';
import { inTurn, median } from '../measure.mjs';
import { columns, lineitem } from './lineitem.mjs';

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '5' }, rows: { type: 'string', default: '1000000' } },
});
const rows = Number(values.rows);
const blocks = lineitem(rows, 8192);
const folder = await mkdtemp(join(tmpdir(), 'c8connector-bench-'));
const compress = await loadCodec('zstd', 1);
const duckdb = await DuckDBInstance.create(':memory:', { threads: '2' });
const connection = await duckdb.connect();
const peer = 'DuckDB, from its memory';
try {
  const ours = join(folder, 'ours.parquet');
  await writeFile(ours, encode());
  await connection.run(`CREATE TABLE lineitem AS FROM '${ours}'`);
  const figures = await inTurn(Number(values.rounds), {
    [peer]: () => measured(join(folder, 'peer.parquet'), copy),
    'the encoder, in this thread': () => measured(ours, (path) => writeFile(path, encode())),
    'the writer, with its thread': () => measured(ours, write),
  });
  console.log(`Parquet of ${rows} rows, zstd level 1, Node ${process.versions.node}, medians of ${values.rounds}`);
  for (const [name, runs] of Object.entries(figures)) {
    const of = (key) => median(runs.map((run) => run[key]));
    const ratio = median(runs.map((run, round) => run.cpu / figures[peer][round].cpu));
    console.log(
      `  ${name.padEnd(30)} CPU ${of('cpu').toFixed(2)} s   ratio ${ratio.toFixed(2)}   wall ${of('wall').toFixed(2)} s   ${(of('bytes') / 1e6).toFixed(2)} MB`,
    );
  }
} finally {
  connection.closeSync();
  duckdb.closeSync();
  await rm(folder, { recursive: true, force: true });
}

async function measured(path, make) {
  const cpuBefore = process.cpuUsage();
  const startedAt = performance.now();
  await make(path);
  const { user, system } = process.cpuUsage(cpuBefore);
  const wall = (performance.now() - startedAt) / 1000;
  return { cpu: (user + system) / 1e6, wall, bytes: (await stat(path)).size };
}

function encode() {
  const parts = [];
  const encoder = createParquetEncoder({
    columns,
    codec: 'zstd',
    compress,
    output: (part) => parts.push(part.slice()),
  });
  for (const block of blocks) encoder.add(block);
  encoder.finish();
  return Buffer.concat(parts);
}

async function write(path) {
  const file = await open(path, 'w');
  const writer = openParquetWriter({ columns, codec: 'zstd', level: 1, sink: (bytes) => file.writeFile(bytes) });
  for (const block of blocks) await writer.write(block);
  await writer.close();
  await file.close();
}

async function copy(path) {
  await connection.run(`COPY lineitem TO '${path}' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)`);
}
