import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inTurn, measure, ratio, table } from '../measure.mjs';
import { peerTool } from './tools.mjs';

const ours = 'c8-source-postgres';

/** One table to Singer text against other taps of PostgreSQL, each with its defaults. A tap that cannot be installed is skipped, and the reason is printed. `read` is our side. */
export async function benchTaps({ title, rounds, postgres, name, folder, read }) {
  console.log(`\nSinger text against other taps, ${title}, medians of ${rounds}`);
  const contestants = { [ours]: read };
  for (const tap of ['pipelinewise-tap-postgres', 'meltanolabs-tap-postgres']) {
    const { path, version, missing } = peerTool(tap);
    if (missing !== undefined) console.log(`  ${tap} was not measured: ${missing}`);
    else contestants[version] = await tapReading(path, { tap, postgres, name, folder });
  }
  // They take minutes.
  const figures = await inTurn(rounds, contestants, 0);
  table(figures);
  const cpu = ({ user, system }) => user + system;
  for (const peer of Object.keys(contestants)) {
    if (peer === ours) continue;
    const [walls, cpus] = [ratio(figures, peer, ours), ratio(figures, peer, ours, cpu)];
    console.log(`  ${peer} compared with ours: elapsed time ${walls.text}, CPU seconds ${cpus.text}`);
  }
}

/** Discovers the table, and returns what reads it. */
async function tapReading(python, { tap, postgres, name, folder }) {
  const { port, user, password, database } = postgres;
  const place = { host: '127.0.0.1', port, user, password };
  const config = tap.startsWith('pipelinewise')
    ? { ...place, dbname: database, filter_schemas: 'public', ssl: 'false' }
    : { ...place, database, filter_schemas: ['public'] };
  const configFile = join(folder, `${tap}.json`);
  await writeFile(configFile, JSON.stringify(config));
  const command = [python, join(python, '..', 'tap-postgres'), '--config', configFile];
  const [program, ...args] = command;
  const { stdout, stderr, status } = spawnSync(program, [...args, '--discover'], { encoding: 'utf8', maxBuffer: 1e8 });
  if (status !== 0) throw new Error(`${tap} could not discover: ${stderr}`);
  const streams = JSON.parse(stdout).streams.filter((stream) => stream.table_name === name);
  for (const stream of streams)
    for (const { breadcrumb, metadata } of stream.metadata)
      if (breadcrumb.length === 0) Object.assign(metadata, { selected: true, 'replication-method': 'FULL_TABLE' });
  const catalogFile = join(folder, `${tap}.catalog.json`);
  await writeFile(catalogFile, JSON.stringify({ streams }));
  return () => measure([...command, '--catalog', catalogFile]);
}
