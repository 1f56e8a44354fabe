import {
  type ConfigProperty,
  createLog,
  createMask,
  createOutput,
  createStop,
  type Log,
  type Stop,
  secretsOf,
} from 'c8connector';
import { plainLog } from './display/log.ts';

/** What the commands share while the program runs: where to look things up, where to write, what to mask, when to stop. */
export interface Session {
  /** The folder of the user: connectors and relative paths are looked up from it. */
  readonly folder: string;
  readonly isDebug: boolean;
  readonly stop: Stop & { pull(): void };
  /** Goes to stderr: JSON lines, or plain ones on a terminal. Masked. */
  readonly log: Log;
  /** Writes to stdout, as it is. Throws a ProtocolError `output_closed`, or a ConnectionError `disk_full`. */
  print(text: string): Promise<void>;
  /** Writes a line to stderr, as it is. */
  say(line: string): void;
  /** From now on lines for stderr go to `write`, until it is called without one. */
  sayThrough(write?: (line: string) => void): void;
  /** From now on the secrets in these raw values, a config or an input, are masked. */
  conceal(properties: readonly ConfigProperty[], values: unknown): void;
  mask(text: string): string;
}

export async function createSession(options: { readonly 'log-level': string }): Promise<Session> {
  const level = options['log-level'];
  const toStderr = (line: string): void => {
    process.stderr.write(`${line}\n`);
  };
  const output = createOutput(process.stdout);
  const secrets = new Set<string>();
  let masked = createMask(secrets);
  let write = toStderr;
  const mask = (text: string): string => masked(text);
  const say = (line: string): void => write(line);
  return {
    folder: process.cwd(),
    isDebug: level === 'debug',
    stop: createStop(),
    log: process.stderr.isTTY ? plainLog(level, mask, say) : await createLog({ name: 'c8connector', level, mask }),
    print: (text) => output.write(text),
    say,
    sayThrough(next = toStderr) {
      write = next;
    },
    conceal(properties, values) {
      for (const secret of secretsOf(properties, values)) secrets.add(secret);
      masked = createMask(secrets);
    },
    mask,
  };
}
