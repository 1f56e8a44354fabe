import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { State } from 'c8connector';
import { type Login, rawConfigOf } from '../harness.ts';
import type { Received } from './received-rows.ts';

const index = new URL('../../dist/index.js', import.meta.url).href;

/** A process that follows the log of `t` and prints what it receives, one line of JSON per message. */
const program = `
import { MysqlSource } from ${JSON.stringify(index)};
const { config, state } = JSON.parse(process.argv[1]);
const source = new MysqlSource();
const { streams } = await source.discover(config);
const chosen = { breadcrumb: [], metadata: { selected: true, 'replication-method': 'LOG_BASED' } };
const catalog = { streams: streams.map((entry) => ({ ...entry, metadata: [...entry.metadata.filter(({ breadcrumb }) => breadcrumb.length > 0), chosen] })) };
const log = { debug() {}, info() {}, warn() {}, error() {} };
const until = state === undefined ? 'now' : 'forever';
const signal = new AbortController().signal;
for await (const message of source.read({ config, catalog, state, exact: 'number', statePerPage: true, until, durable: async () => state, signal, log })) {
  if (message.type === 'RECORDS') console.log(JSON.stringify({ lines: Buffer.from(message.lines()).toString().trimEnd().split('\\n') }));
  if (message.type === 'STATE') console.log(JSON.stringify({ state: message.value }));
}`;

/**
 * Reads from a durable state in a separate process, which is killed with SIGKILL once it has printed this many messages. The complete lines that it had printed by then are passed on.
 */
export async function readUntilKilled(
  login: Login,
  state: State | undefined,
  messages: number,
  receive: (message: Received) => void,
): Promise<void> {
  const request = JSON.stringify({ config: rawConfigOf(login), state });
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program, request], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close');
  let left = messages;
  for await (const line of createInterface({ input: child.stdout })) {
    if (left === 0) break;
    receive(JSON.parse(line));
    left -= 1;
    if (left === 0) child.kill('SIGKILL');
  }
  await closed;
}
