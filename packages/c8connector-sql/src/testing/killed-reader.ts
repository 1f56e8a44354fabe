import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { State } from 'c8connector';
import type { Received } from './received-rows.ts';

/** A source in a module that a process of its own can import. */
export interface SourceModule {
  /** The URL of the built module. */
  readonly url: string;
  /** The name of the class that it exports. */
  readonly exported: string;
}

/** A program that follows the log of all tables of a source and prints what it receives, one line of JSON per message. */
const programOf = ({ url, exported }: SourceModule): string => `
import { ${exported} as Source } from ${JSON.stringify(url)};
const { config, state } = JSON.parse(process.argv[1]);
const source = new Source();
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
  source: SourceModule,
  config: Readonly<Record<string, unknown>>,
  { state, messages }: { readonly state: State | undefined; readonly messages: number },
  receive: (message: Received) => void,
): Promise<void> {
  const request = JSON.stringify({ config, state });
  const child = spawn(process.execPath, ['--input-type=module', '--eval', programOf(source), request], {
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
