import { join } from 'node:path';
import { atMost, inTurn, measure, ratio, table } from '../measure.mjs';
import { peerTool } from '../peers/tools.mjs';
import { discovered, jsonFile } from './catalog.mjs';

const ours = 'c8-source-mysql';
const client = 'mariadb --quick';

/** One table as text: against the server's own client, sling and another tap, each with its defaults. What cannot be installed is skipped, and the reason is printed. */
export async function benchMysqlText({ rounds, server, name, count, folder, source }) {
  const title = `${(count / 1e6).toFixed(1)}M rows`;
  const { host, port, user, password, database } = server;
  const config = { host, port, user, password, database, ssl_mode: 'disable' };
  const configFile = await jsonFile(folder, 'mysql.json', config);
  const catalog = await discovered([...source, '--config', configFile], { name, method: 'FULL_TABLE', folder });
  const login = [`--host=${host}`, `--port=${port}`, `--user=${user}`, '--skip-ssl', database];
  const select = ['mariadb', '--quick', ...login, '--execute', `SELECT * FROM ${name}`];

  console.log(`\nMariaDB, Singer text, ${title}, medians of ${rounds}`);
  const figures = await inTurn(rounds, {
    [client]: () => measure(select, { MYSQL_PWD: password }),
    [ours]: () => measure([...source, '--config', configFile, '--catalog', catalog]),
  });
  table(figures);
  atMost('ratio of elapsed times', ratio(figures, ours, client), 1.3);

  const peers = await peersOf({ config, name, folder });
  if (Object.keys(peers).length === 0) return;
  console.log(`\nMariaDB against other tools, ${title}, one round`);
  const others = await inTurn(
    1,
    { [ours]: () => measure([...source, '--config', configFile, '--catalog', catalog]), ...peers },
    0,
  );
  table(others);
  const cpu = ({ user, system }) => user + system;
  for (const peer of Object.keys(peers)) {
    const texts = [ratio(others, peer, ours), ratio(others, peer, ours, cpu)].map(({ text }) => text);
    console.log(`  ${peer} compared with ours: elapsed time ${texts[0]}, CPU seconds ${texts[1]}`);
  }
}

async function peersOf({ config, name, folder }) {
  const peers = {};
  const sling = peerTool('sling');
  if (sling.missing === undefined)
    peers[`sling ${sling.version.replace('Version: ', '')}`] = slingReading(sling.path, { config, name, folder });
  else console.log(`  sling was not measured: ${sling.missing}`);
  const tap = peerTool('pipelinewise-tap-mysql');
  if (tap.missing === undefined) peers[tap.version] = await tapReading(tap.path, { config, name, folder });
  else console.log(`  pipelinewise-tap-mysql was not measured: ${tap.missing}`);
  return peers;
}

function slingReading(program, { config, name, folder }) {
  const { host, port, user, password, database } = config;
  const stream = ['--src-conn', 'BENCH', '--src-stream', `${database}.${name}`, '--stdout'];
  return () =>
    measure([program, 'run', ...stream], {
      BENCH: `mysql://${user}:${encodeURIComponent(password)}@${host}:${port}/${database}?tls=false`,
      SLING_DISABLE_TELEMETRY: 'true',
      HOME: folder,
    });
}

async function tapReading(python, { config, name, folder }) {
  const { host, port, user, password, database } = config;
  const settings = { host, port, user, password, database, filter_dbs: database, engine: 'mariadb', ssl: 'false' };
  const configFile = await jsonFile(folder, 'tap-mysql.json', settings);
  const command = [python, join(python, '..', 'tap-mysql'), '--config', configFile];
  const catalog = await discovered(command, { name, method: 'FULL_TABLE', folder, file: 'tap-mysql.catalog.json' });
  return () => measure([...command, '--catalog', catalog]);
}
