import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { defineTarget, neverStop, openFileState, parseState, run, silentLog, stringifyValue } from 'c8connector';
import { PostgresSource } from '../../dist/index.js';

/**
 * Runs a connection into a file that holds what is committed, a line of JSON each, and kills itself once it was given so many rows. Arguments: the file of the state, that of the lines, and
 * `{ sourceConfig, catalog, killAt? }`.
 */
const [statePath = '', linesPath = '', text = ''] = process.argv.slice(2);
const { sourceConfig, catalog, killAt } = JSON.parse(text);
let given = 0;

const linesNow = () => (existsSync(linesPath) ? readFileSync(linesPath, 'utf8').split('\n').filter(Boolean) : []);
const unitOf = (line) => JSON.parse(line).unit;

const Committed = defineTarget({
  package: { name: 'c8-target-committed', version: '1.0.0' },
  name: 'Committed',
  description: 'Appends to a file, and takes back what was not committed.',
  config: {},
  accepts: () => ({ flush: { rows: 200 } }),
  async *write(messages, { run: { unit, generation } }) {
    const put = (...lines) => {
      const text = lines.map((line) => `${stringifyValue({ unit, ...line })}\n`);
      appendFileSync(linesPath, text.join(''));
    };
    for await (const message of messages) {
      if (message.type === 'RECORDS') {
        const { stream, version } = message;
        const rows = message.rows().map((row) => ({ stream, version, row }));
        const left = killAt === undefined ? rows.length : killAt - given;
        put(...rows.slice(0, left));
        if (left <= rows.length && killAt !== undefined) process.kill(process.pid, 'SIGKILL');
        given += rows.length;
      }
      if (message.type === 'ACTIVATE_VERSION') put({ stream: message.stream, activated: message.version });
      if (message.type !== 'FLUSH') continue;
      if (message.isCheckpoint) put({ generation, committed: message.state });
      // Between the commit of the target and that of the store.
      if (killAt !== undefined && given > killAt / 2 && killAt % 5 === 0) process.kill(process.pid, 'SIGKILL');
      yield message.state;
    }
  },
  async recover({ run: { unit, generation } }) {
    const lines = linesNow();
    const last = lines.findLastIndex((line) => unitOf(line) === unit && line.includes('"committed":'));
    const kept = lines.filter((line, index) => index <= last || unitOf(line) !== unit);
    writeFileSync(linesPath, kept.map((line) => `${line}\n`).join(''));
    if (last < 0) return undefined;
    const { generation: of } = JSON.parse(lines[last]);
    const state = lines[last].slice(lines[last].indexOf('"committed":') + '"committed":'.length, -1);
    return of === generation ? parseState(state, 'state') : undefined;
  },
});

const opened = await openFileState(statePath);
const { status } = await run({
  source: new PostgresSource(),
  sourceConfig,
  target: new Committed(),
  targetConfig: {},
  catalog,
  concurrency: 1,
  ...opened,
  stop: neverStop(),
  log: silentLog,
  onEvent: () => undefined,
});
process.exitCode = status === 'done' ? 0 : 1;
await opened[Symbol.asyncDispose]();
