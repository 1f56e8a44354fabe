import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError, stringifyValue } from 'c8connector';
import { Finding, shown } from '../check.ts';
import { type CommandEnd, type CommandOptions, exitCodeOf, runCommand } from '../program/run-command.ts';

/** Seconds that one run of the program may take. */
export const runLimit = 120;

/** What the checks of any Singer program share. */
export interface SingerContext {
  /** The command line as words. */
  readonly command: readonly string[];
  /** Where it runs. */
  readonly folder: string;
  readonly recordCap: number;
  /** Seconds that the program may take to end after SIGTERM. */
  readonly stopSeconds: number;
  /** Runs the program with more flags behind its own. */
  run(flags: readonly string[], options?: Partial<CommandOptions>): Promise<CommandEnd>;
  /** Runs another command line. */
  runOther(command: readonly string[], options?: Partial<CommandOptions>): Promise<CommandEnd>;
  /** Writes JSON into a file of its own, and gives its path. */
  file(name: string, content: unknown): Promise<string>;
  /** Says that a rule of ours is broken that the protocol has not. */
  warn(expected: string, found: string): void;
}

export interface SingerPlace {
  readonly command: readonly string[];
  readonly folder: string;
  readonly recordCap: number;
  /** Seconds that the program may take to end after SIGTERM. */
  readonly stopSeconds: number;
  readonly signal: AbortSignal;
  warn(expected: string, found: string): void;
}

/** Opens a context whose files are removed when it is disposed. */
export async function openContext(place: SingerPlace): Promise<SingerContext & AsyncDisposable> {
  const temporary = await mkdtemp(join(tmpdir(), 'c8-singer-'));
  let files = 0;
  const { command, folder, recordCap, stopSeconds, signal, warn } = place;
  const runOther = async (words: readonly string[], options: Partial<CommandOptions> = {}) => {
    try {
      return await runCommand(words, { folder, limit: runLimit, grace: stopSeconds + 2, signal, ...options });
    } catch (error) {
      throw notStarted(words[0] ?? '', error);
    }
  };
  return {
    command,
    folder,
    recordCap,
    stopSeconds,
    warn,
    runOther,
    run: async (flags, options) => await runOther([...command, ...flags], options),
    async file(name, content) {
      files += 1;
      const path = join(temporary, `${files}-${name}.json`);
      await writeFile(path, stringifyValue(content), { mode: 0o600 });
      return path;
    },
    [Symbol.asyncDispose]: async () => await rm(temporary, { recursive: true, force: true }),
  };
}

function notStarted(program: string, cause: unknown): ConfigError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
  return new ConfigError(`--singer: the program '${program}' cannot be started (${code}).`, {
    code: 'call_invalid',
    cause,
    remedy: 'Name a program that is on the PATH, or the path of one that may be executed.',
  });
}

/** Throws a Finding unless the program ended well; tells the last line of its stderr. */
export function checkEnd(end: CommandEnd, what: string): void {
  if (end.isLate) throw new Finding(`an end of ${what} within ${runLimit} s`, 'it was still at work');
  if (end.code !== 0) throw new Finding(`exit code 0 of ${what}`, `${exitCodeOf(end)}${lastWords(end)}`);
}

/** How stderr ends, for a finding. */
export function lastWords({ stderr }: CommandEnd): string {
  const line = stderr.trim().split('\n').at(-1) ?? '';
  return line === '' ? '; stderr is empty' : `; stderr ends with ${shown(line)}`;
}
