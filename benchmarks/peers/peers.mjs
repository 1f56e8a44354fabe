import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inTurn, measure, ratio, table } from '../measure.mjs';
import { peerTool } from './tools.mjs';

const ours = 'c8connector sync';

/** What is compared in each format. */
const commands = {
  parquet: { dlt: dltCommand, sling: slingCommand },
  'jsonl.gz': { sling: slingCommand },
};

/**
 * One table to S3 in a format, against other tools that do the same, each with its defaults. A tool that cannot be installed is skipped, and the reason is printed. `place` has the address of the table and
 * of the objects; `sync` is our side.
 */
export async function benchPeers({ title, format, rounds, place, sync }) {
  console.log(`\n${format} in S3 against other tools, ${title}, medians of ${rounds}`);
  const contestants = { [ours]: sync, ...(await peersOf({ ...place, format })) };
  const figures = await inTurn(rounds, contestants);
  table(figures);
  for (const peer of Object.keys(contestants))
    if (peer !== ours) console.log(`  elapsed time of ${peer} compared with ours: ${ratio(figures, peer, ours).text}`);
}

async function peersOf(place) {
  const peers = {};
  for (const [name, command] of Object.entries(commands[place.format])) {
    const { path, version, missing } = peerTool(name);
    if (missing !== undefined) console.log(`  ${name} was not measured: ${missing}`);
    else peers[labelOf(name, version)] = () => command(path, place);
  }
  return peers;
}

function labelOf(name, version) {
  return name === 'sling' ? `sling ${version.replace('Version: ', '')}, without DuckDB` : version;
}

/** It stores the state of a pipeline in a folder. Each run gets a new one, and so is a first run. */
async function dltCommand(python, { uri, table: name, folder, s3, bucket }) {
  const script = fileURLToPath(new URL('dlt_to_parquet.py', import.meta.url));
  const known = await mkdtemp(join(folder, 'dlt-'));
  // Names the driver for SQLAlchemy; connectorx has its own.
  const address = uri.replace('postgresql:', 'postgresql+psycopg2:');
  const server = [bucket, s3.endpoint, s3.region, s3.accessKey, s3.secretAccessKey];
  return await measure([python, script, address, name, known, ...server], {
    RUNTIME__DLTHUB_TELEMETRY: 'false',
    HOME: known,
  });
}

/** By default it downloads DuckDB's program and lets it write Parquet; without it, it uses a library of its own language. It takes the format from the name of the object. */
async function slingCommand(program, { uri, table: name, folder, s3, bucket, format }) {
  const { endpoint, region, accessKey, secretAccessKey } = s3;
  const target = { type: 's3', bucket, endpoint, region, access_key_id: accessKey, secret_access_key: secretAccessKey };
  const stream = ['--src-conn', 'BENCH', '--src-stream', `public.${name}`];
  const object = ['--tgt-conn', 'LAKE', '--tgt-object', `sling/${name}.${format}`];
  return await measure([program, 'run', ...stream, ...object, '--mode', 'full-refresh'], {
    BENCH: `${uri}?sslmode=disable`,
    LAKE: JSON.stringify(target),
    SLING_DUCKDB_COMPUTE: 'false',
    SLING_DISABLE_TELEMETRY: 'true',
    HOME: folder,
  });
}
