/**
 * Our connectors beside hardware limits and other tools, in one run: Singer text against `psql COPY`, Parquet in S3 against DuckDB's own scanner and an upload, two tables in parallel against one after the other, one in
 * ranges, many tables against one, the changes of a log against `pg_recvlogical`, and the start of the programs. `--rounds N` (5), `--scales 0.1,0.5`,
 * `--only text,parquet,concurrency,ranges,streams,changes,start` (all). The ratios are what counts: seconds depend on the machine.
 * Five parts run only when they are named: `peers`, Parquet and compressed JSON lines in S3 against other tools, `taps`, Singer text against other taps, `memory`, the peaks of large tables, `exactly-once`, S3 with manifests against S3 without, and
 * `mysql`, tables and changes of MariaDB against its own client and other tools.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startPostgres, startS3 } from 'test-services';
import { benchChanges } from './changes.mjs';
import { load, missingTools, pythonTools } from './data.mjs';
import { benchExactlyOnce } from './exactly-once.mjs';
import { benchManyStreams } from './many-streams.mjs';
import { inTurn, measure, median, ratio, table } from './measure.mjs';
import { benchMemory } from './memory/memory.mjs';
import { benchMysql } from './mysql/mysql.mjs';
import { benchPeers } from './peers/peers.mjs';
import { benchTaps } from './peers/taps.mjs';
import { benchRanges } from './ranges.mjs';
import { serverProcess, withServer } from './server-seconds.mjs';
import { benchSideBySide } from './side-by-side.mjs';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    scales: { type: 'string', default: '0.1,0.5' },
    only: { type: 'string', default: 'text,parquet,concurrency,ranges,streams,changes,start' },
  },
});
const wanted = new Set(values.only.split(','));
const needsTables = ['text', 'parquet', 'exactly-once', 'start', 'peers', 'taps', 'memory'].some((part) =>
  wanted.has(part),
);
const needsData = needsTables || ['concurrency', 'ranges', 'mysql'].some((part) => wanted.has(part));
// Suppresses the notice of the AWS SDK about Node 20.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
const rounds = Number(values.rounds);
const root = fileURLToPath(new URL('..', import.meta.url));
const program = (name) => [process.execPath, join(root, 'node_modules', name, 'bin', `${name}.js`)];
const source = program('c8-source-postgres');
const target = program('c8-target-s3');
const host = [process.execPath, join(root, 'packages/c8connector-cli/bin/c8connector-cli.js')];

const missing = missingTools();
if (missing.length > 0) {
  console.log(`npm run bench needs ${missing.join(' and ')}.`);
  process.exit(1);
}

if (needsData) console.log('Generating TPC-H lineitem and loading it …');
const tools = needsData ? pythonTools() : undefined;
const postgres = await startPostgres({
  settings: { shared_buffers: '512MB', max_wal_size: '4GB', wal_level: 'minimal', max_wal_senders: '0' },
});
const s3 = await startS3();
const bucket = s3.createBucket('bench');
const folder = await mkdtemp(join(tmpdir(), 'c8connector-bench-'));
let uploader;
const tables = Object.fromEntries(
  values.scales.split(',').map((scale) => [`lineitem_${scale.replace('.', '_')}`, Number(scale)]),
);
try {
  const counts = await load(postgres, tools, needsTables ? tables : {});
  const { port, user, password, database } = postgres;
  const config = { host: '127.0.0.1', port, user, password, dbname: database, ssl_mode: 'disable' };
  const configFile = await file('postgres.json', config);
  const uri = `postgresql://${user}:${password}@127.0.0.1:${port}/${database}`;

  for (const [name, count] of counts) {
    const title = `${(count / 1e6).toFixed(1)}M rows`;
    if (wanted.has('text')) await benchText(name, title, configFile, uri);
    if (wanted.has('parquet')) await benchParquet(name, title, config, uri);
    if (wanted.has('exactly-once'))
      await benchExactlyOnce({ rounds, title, sync: (changes) => sync(name, config, changes) });
    const place = { uri, table: name, folder, s3, bucket };
    if (wanted.has('taps')) {
      const command = await reading(name, configFile);
      await benchTaps({ title, rounds, postgres, name, folder, read: () => measure(command) });
    }
    if (wanted.has('peers')) {
      const lines = { settings: { format: 'jsonl', compression: 'gzip' } };
      const peers = { title, rounds, place };
      await benchPeers({ ...peers, format: 'parquet', sync: () => sync(name, config) });
      await benchPeers({ ...peers, format: 'jsonl.gz', sync: () => sync(name, config, lines) });
    }
  }
  const [largest] = [...counts].at(-1) ?? [];
  if (wanted.has('memory'))
    await benchMemory({
      rounds,
      postgres,
      name: largest,
      title: `${(counts.get(largest) / 1e6).toFixed(1)}M rows`,
      sync: (name) => sync(name, config),
      pipe: (name) => pipe(name, configFile),
    });
  const discard = { rounds, config, sync: syncToNothing };
  if (wanted.has('concurrency')) {
    await load(postgres, tools, { lineitem_a: 0.1, lineitem_b: 0.1 });
    await benchSideBySide({ ...discard, server: { host: '127.0.0.1', port }, tables: ['lineitem_a', 'lineitem_b'] });
  }
  if (wanted.has('ranges')) {
    await load(postgres, tools, { lineitem_keyed: 0.5 });
    await benchRanges({ ...discard, postgres, uri, name: 'lineitem_keyed' });
  }
  if (wanted.has('streams')) await benchManyStreams({ ...discard, postgres });
  if (wanted.has('changes')) await benchChanges({ rounds, host, folder });
  if (wanted.has('mysql')) await benchMysql({ rounds, tools, tables, folder, source: program('c8-source-mysql') });
  if (wanted.has('start')) await benchStart([...counts.keys()][0], configFile);
} finally {
  uploader?.disconnect();
  await rm(folder, { recursive: true, force: true });
  await s3.stop();
  await postgres.stop();
}

async function benchText(name, title, configFile, uri) {
  console.log(`\nSinger text, ${title}, medians of ${rounds}`);
  const command = await reading(name, configFile);
  const copy = await inTurn(rounds, {
    'psql COPY': () => measure(['psql', uri, '--quiet', '--command', `COPY ${name} TO STDOUT`]),
    'c8-source-postgres': () => measure(command),
  });
  table(copy);
  console.log(`  ratio of elapsed times: ${ratio(copy, 'c8-source-postgres', 'psql COPY').text}`);
}

async function benchParquet(name, title, config, uri) {
  console.log(`\nParquet in S3, ${title}, medians of ${rounds}`);
  const server = await serverProcess(uri);
  const parquet = await inTurn(rounds, {
    "DuckDB's scanner, then put": () => withServer(server, () => scanThenPut(uri, name)),
    'c8connector sync': () => withServer(server, () => sync(name, config)),
  });
  table(parquet);
  const compare = (of) => ratio(parquet, 'c8connector sync', "DuckDB's scanner, then put", of).text;
  console.log(`  ratio of elapsed times: ${compare()}`);
  console.log(`  ratio of CPU seconds of client and server: ${compare((run) => run.user + run.system + run.server)}`);
}

async function benchStart(name, configFile) {
  console.log(`\nStart, medians of ${rounds}`);
  const command = await reading(name, configFile);
  const start = await inTurn(rounds, {
    'node -e 0': () => measure(['--first', process.execPath, '-e', 'console.log(0)']),
    '--about': () => measure(['--first', ...source, '--about']),
    'first message': () => measure(['--first', ...command]),
  });
  for (const [contestant, runs] of Object.entries(start)) {
    const first = median(runs.map((run) => run.first)) * 1000;
    console.log(`  ${contestant.padEnd(34)} first byte after ${first.toFixed(0)} ms`);
  }
}

/** The command that writes a table as Singer text. */
async function reading(name, configFile) {
  return [...source, '--config', configFile, '--catalog', await catalogOf(name, configFile)];
}

async function file(name, content) {
  const path = join(folder, name);
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

/** A catalog that selects one table. */
async function catalogOf(name, configFile) {
  const { spawnSync } = await import('node:child_process');
  const [command, ...args] = [...source, '--config', configFile, '--discover'];
  const catalog = JSON.parse(spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1e8 }).stdout);
  const streams = catalog.streams.filter((stream) => stream.table_name === name);
  for (const stream of streams)
    stream.metadata.find(({ breadcrumb }) => breadcrumb.length === 0).metadata.selected = true;
  return await file(`${name}.catalog.json`, { streams });
}

/** All of the peer's work: its process, and the upload of its file by a client that is already running. */
async function scanThenPut(uri, name) {
  const path = join(folder, 'peer.parquet');
  const figures = await measure([
    join(tools, 'python'),
    fileURLToPath(new URL('peers/duckdb_to_parquet.py', import.meta.url)),
    uri,
    name,
    path,
  ]);
  uploader ??= startUploader();
  uploader.send({ path, Bucket: bucket, Key: `peer/${name}.parquet` });
  const [put] = await once(uploader, 'message');
  return {
    ...figures,
    wall: figures.wall + put.wall,
    user: figures.user + put.user,
    system: figures.system + put.system,
  };
}

function startUploader() {
  const child = fork(new URL('peers/put.mjs', import.meta.url));
  child.send({
    endpoint: s3.endpoint,
    region: s3.region,
    forcePathStyle: true,
    credentials: { accessKeyId: s3.accessKey, secretAccessKey: s3.secretAccessKey },
  });
  return child;
}

/** One run of a new connection from a table to S3. */
async function sync(name, config, { connector = 'c8-target-s3', settings = {} } = {}) {
  await rm(join(folder, 'bench.yaml.state.json'), { force: true });
  const connection = await file('bench.yaml', {
    source: { connector: 'c8-source-postgres', config },
    target: { connector, config: { ...targetConfig(), ...settings } },
    streams: [{ stream: `public-${name}` }],
  });
  return await measure([...host, 'sync', connection]);
}

/** The same with the two Singer programs in a pipe. */
async function pipe(name, configFile) {
  const targetFile = await file('s3.json', targetConfig());
  return await measure([...(await reading(name, configFile)), '|', ...target, '--config', targetFile]);
}

function targetConfig() {
  return {
    bucket,
    region: s3.region,
    endpoint: s3.endpoint,
    force_path_style: true,
    access_key: s3.accessKey,
    secret_access_key: s3.secretAccessKey,
    format: 'parquet',
  };
}

/** One run of a new connection from tables, by these settings, to a target that discards them. */
async function syncToNothing(config, streams, concurrency) {
  await rm(join(folder, 'discard.yaml.state.json'), { force: true });
  await file('discard.mjs', `export * from ${JSON.stringify(new URL('discard-target.mjs', import.meta.url).href)};`);
  const connection = await file('discard.yaml', {
    source: { connector: 'c8-source-postgres', config },
    target: { connector: './discard.mjs', config: {} },
    ...(streams === undefined ? {} : { streams }),
    concurrency,
  });
  return await measure([...host, 'sync', connection]);
}
