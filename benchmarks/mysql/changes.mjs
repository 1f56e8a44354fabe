import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inTurn, measure, ratio, table } from '../measure.mjs';
import { peerTool } from '../peers/tools.mjs';
import { discovered, jsonFile } from './catalog.mjs';
import { withClient } from './data.mjs';

const commits = 5000;
const rowsOfCommit = 100;
const ours = 'c8-source-mysql';
const tap = 'pipelinewise-tap-mysql';

/** The changes of one table, 100 rows in each commit, from the same position on, as Singer text: against another tap. */
export async function benchMysqlChanges({ rounds, server, folder, source }) {
  const { path, version, missing } = peerTool(tap);
  if (missing !== undefined) console.log(`  ${tap} was not measured: ${missing}`);
  const name = 'changes';
  await withClient(server, async (client) => {
    await client.query(
      `CREATE TABLE ${name} (id bigint PRIMARY KEY, customer int, status varchar(10), total decimal(12,2), note varchar(40), updated_at timestamp(6))`,
    );
    await client.query(`INSERT INTO ${name} VALUES (-1, 1, 'first', 0, '', now(6))`);
  });
  const { host, port, user, password, database } = server;
  const place = { host, port, user, password, database };
  const own = await follower([...source], { config: { ...place, ssl_mode: 'disable' }, name, folder, prefix: 'own' });
  const contestants = { [ours]: own };
  if (missing === undefined) {
    const config = { ...place, filter_dbs: database, engine: 'mariadb', ssl: 'false' };
    contestants[version] = await follower([path, join(path, '..', 'tap-mysql')], {
      config,
      name,
      folder,
      prefix: 'tap',
    });
  }
  await withClient(server, makeChanges, true);
  console.log(`\nMariaDB, ${commits * rowsOfCommit} row changes in ${commits} commits, medians of ${rounds}`);
  const figures = await inTurn(rounds, contestants, 0);
  table(figures);
  const cpu = (run) => run.user + run.system;
  for (const peer of Object.keys(contestants)) {
    if (peer === ours) continue;
    console.log(
      `  ${peer} compared with ours: elapsed time ${ratio(figures, peer, ours).text}, CPU seconds ${ratio(figures, peer, ours, cpu).text}`,
    );
  }
}

/** Copies the table, and returns what reads its changes from the state after that copy on. */
async function follower(program, { config, name, folder, prefix }) {
  const command = [...program, '--config', await jsonFile(folder, `${prefix}.json`, config)];
  const catalog = await discovered(command, { name, method: 'LOG_BASED', folder, file: `${prefix}.catalog.json` });
  const output = join(folder, `${prefix}.out`);
  await measure(['sh', '-c', `"$@" > ${output}`, 'sh', ...command, '--catalog', catalog]);
  const states = (await readFile(output, 'utf8')).split('\n').filter((line) => line.includes('"STATE"'));
  const state = await jsonFile(folder, `${prefix}.state.json`, JSON.parse(states.at(-1)).value);
  return () => measure([...command, '--catalog', catalog, '--state', state]);
}

async function makeChanges(client) {
  for (let commit = 0; commit < commits; commit++) {
    const rows = Array.from({ length: rowsOfCommit }, (_, row) => [
      commit * rowsOfCommit + row,
      row,
      'new',
      ((commit * row) % 100000) / 100,
      `note of order ${row}`,
      '2026-01-02 03:04:05.678901',
    ]);
    await client.query('INSERT INTO changes VALUES ?', [rows]);
  }
}
