import { createLog, createOutput, createStop, type Stop, stderrOf } from 'c8connector';
import { createSecretMask, type Host } from 'c8connector-host';
import { plainLog } from './display/log.ts';
import { type Shown, terminalText } from './display/shown.ts';

/** What the commands share while the program runs: the host, the user's folder, where to write and when to stop. */
export interface Session extends Host {
  /** The folder of the user: relative paths of the command line are looked up from it. */
  readonly folder: string;
  readonly isDebug: boolean;
  readonly stop: Stop & { request(): void };
  /** Writes to stdout, with characters that can control a terminal escaped; JSON stays JSON. Throws a ProtocolError `output_closed`, or a ConnectionError `disk_full`. */
  print(text: Shown): Promise<void>;
  /** Writes a line to stderr, with characters that can control a terminal escaped. */
  say(line: Shown): void;
  /** From now on lines for stderr go to `write`, until it is called without one. */
  sayThrough(write?: (line: string) => void): void;
}

export async function createSession(options: { readonly 'log-level': string }): Promise<Session> {
  const level = options['log-level'];
  const name = 'c8connector';
  const writeStderr = stderrOf(name);
  const toStderr = (line: string): void => writeStderr(`${line}\n`);
  const output = createOutput(process.stdout);
  const { conceal, mask } = createSecretMask();
  const folder = process.cwd();
  let write = toStderr;
  const say = (line: Shown): void => write(terminalText(line));
  return {
    folder,
    // Connectors installed beside this program count as well: it may be installed globally.
    folders: [folder, import.meta.dirname],
    environment: process.env,
    isDebug: level === 'debug',
    stop: createStop(),
    log: process.stderr.isTTY ? plainLog(level, mask, say) : createLog({ name, level, mask, write: writeStderr }),
    print: (text) => output.write(terminalText(text)),
    say,
    sayThrough(next = toStderr) {
      write = next;
    },
    conceal,
    mask,
  };
}
