import { ConfigError } from 'c8connector';
import type { Ended } from '../program/ended.ts';
import { type CommandOptions, runCommand } from '../program/run-command.ts';
import { temporaryFolder } from '../program/temporary-folder.ts';
import { type MetaSchemas, metaSchemas } from '../values/meta-schemas.ts';

/** Time limit of one run of the program, in seconds. */
export const runLimit = 120;
const mostBytes = 64_000_000;

/** What the checks of any Singer program share. */
export interface SingerContext {
  /** The command line as words. */
  readonly command: readonly string[];
  /** Its working folder. */
  readonly folder: string;
  readonly recordCap: number;
  /** Seconds that the program may take to end after SIGTERM. */
  readonly stopSeconds: number;
  readonly metaSchemas: MetaSchemas;
  /** Runs the program with additional flags. */
  run(flags: readonly string[], options?: Partial<CommandOptions>): Promise<Ended>;
  /** Runs another command line. */
  runOther(command: readonly string[], options?: Partial<CommandOptions>): Promise<Ended>;
  /** Writes JSON to a new file, and returns its path. */
  file(name: string, content: unknown): Promise<string>;
  /** Reports that a rule of ours is broken that the protocol does not have. */
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
  const temporary = await temporaryFolder();
  let files = 0;
  const { command, folder, recordCap, stopSeconds, signal, warn } = place;
  const runOther = async (words: readonly string[], options: Partial<CommandOptions> = {}) => {
    try {
      const limits = { limit: runLimit, grace: stopSeconds + 2, mostBytes };
      return await runCommand(words, { folder, isGroup: true, ...limits, signal, ...options });
    } catch (error) {
      throw notStarted(words[0] ?? '', error);
    }
  };
  return {
    command,
    folder,
    recordCap,
    stopSeconds,
    metaSchemas: metaSchemas(),
    warn,
    runOther,
    run: async (flags, options) => await runOther([...command, ...flags], options),
    async file(name, content) {
      files += 1;
      return await temporary.writeJson(`${files}-${name}`, content);
    },
    [Symbol.asyncDispose]: async () => await temporary[Symbol.asyncDispose](),
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
