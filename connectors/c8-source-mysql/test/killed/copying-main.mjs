import { appendFileSync } from 'node:fs';
import { defineTarget, neverStop, openFileState, run, silentLog } from 'c8connector';
import { MysqlSource } from '../../dist/index.js';

/**
 * Copies one stream into a file, a line for each row, and kills itself once it has written this many rows. Arguments: the file of the state, that of the rows, and
 * `{ sourceConfig, catalog, concurrency, killAt? }`.
 */
const [statePath = '', rowsPath = '', text = ''] = process.argv.slice(2);
const { sourceConfig, catalog, concurrency, killAt } = JSON.parse(text);
let written = 0;

const Lines = defineTarget({
  package: { name: 'c8-target-lines', version: '1.0.0' },
  name: 'Lines',
  description: 'Appends rows to a file.',
  config: {},
  async *write(messages) {
    for await (const message of messages) {
      if (message.type === 'RECORDS') {
        for (const row of message.rows()) {
          const { id, v } = row;
          appendFileSync(rowsPath, `${JSON.stringify({ version: message.version, id, v })}\n`);
          written += 1;
          if (written === killAt) process.kill(process.pid, 'SIGKILL');
        }
      }
      if (message.type === 'ACTIVATE_VERSION')
        appendFileSync(rowsPath, `${JSON.stringify({ activated: message.version })}\n`);
      if (message.type === 'FLUSH') yield message.state;
    }
  },
});

const opened = await openFileState(statePath);
const { status } = await run({
  source: new MysqlSource(),
  sourceConfig,
  target: new Lines(),
  targetConfig: {},
  catalog,
  concurrency,
  ...opened,
  stop: neverStop(),
  log: silentLog,
  onEvent: () => undefined,
});
process.exitCode = status === 'done' ? 0 : 1;
await opened[Symbol.asyncDispose]();
