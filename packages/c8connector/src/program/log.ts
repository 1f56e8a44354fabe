import { createRequire } from 'node:module';
import type { Logger } from 'pino';
import { maskValue } from '../config/mask-value.ts';
import type { Log } from '../interface/log.ts';

type Details = Readonly<Record<string, unknown>>;
type Level = keyof Log;

const levels: readonly string[] = ['debug', 'info', 'warn', 'error', 'silent'];

/** A log on stderr as JSON lines, with the secrets of the run masked. `level` is a name of {@link Log}'s methods, or `silent`. */
export async function createLog(options: {
  readonly name: string;
  readonly level: string;
  mask(text: string): string;
}): Promise<Log> {
  const { name, level, mask } = options;
  let logger: Logger | undefined;
  // Values are masked, not lines: a secret such as 10000 would break the JSON of a line.
  return warningOnce((kind, message, details) => {
    if (levels.indexOf(kind) < levels.indexOf(level)) return;
    try {
      logger ??= open(name, level);
      logger[kind](maskValue(details, mask) as Details, mask(message).replaceAll('%', '%%'));
    } catch {
      // A stderr that is full or closed is no reason to stop the work.
    }
  });
}

/** Many runs have nothing to log, and pino takes half as long to load as the core: it is loaded for the first line. */
function open(name: string, level: string): Logger {
  const { pino } = createRequire(import.meta.url)('pino') as typeof import('pino');
  return pino({ level, base: { name } }, pino.destination({ dest: 2, sync: true }));
}

/** A log that tells each warning once: a config is parsed by each call, and would be warned of by each. */
export function warningOnce(write: (level: Level, message: string, details: Details) => void): Log {
  const warned = new Set<string>();
  return {
    debug: (message, details = {}) => write('debug', message, details),
    info: (message, details = {}) => write('info', message, details),
    warn(message, details = {}) {
      const key = `${message} ${JSON.stringify(Object.values(details).map(String))}`;
      if (warned.has(key)) return;
      warned.add(key);
      write('warn', message, details);
    },
    error: (message, details = {}) => write('error', message, details),
  };
}
