import { maskValue } from '../config/mask-value.ts';
import { visible } from '../config/visible.ts';
import type { Log } from '../interface/log.ts';
import { createStderr, type WriteStderr } from './stderr.ts';

type Details = Readonly<Record<string, unknown>>;
type Level = keyof Log;

/** The numbers of the levels in JSON logs, as Bunyan and pino write them. */
const levelNumbers: Readonly<Record<Level, number>> = { debug: 20, info: 30, warn: 40, error: 50 };

/**
 * A log on stderr as JSON lines, `{"level":40,"time":1700000000000,"name":"c8-source-postgres",…details,"msg":"…"}` with the time in milliseconds, and with the
 * secrets of the run masked. `level` is a name of {@link Log}'s methods, or `silent`. When a method returns, its line was handed to the system. When stderr's reader takes nothing for
 * a second, further lines are dropped, and a line reports how many. `write` is for callers that write other texts to stderr too: see {@link stderrOf}.
 */
export function createLog(options: {
  readonly name: string;
  readonly level: string;
  mask(text: string): string;
  readonly write?: WriteStderr;
}): Log {
  const { name, level, mask, write = stderrOf(options.name) } = options;
  const lowest = levelNumbers[level as Level] ?? Number.POSITIVE_INFINITY;
  return warningOnce((kind, message, details) => {
    if (levelNumbers[kind] < lowest) return;
    // Values are masked, not lines: a secret such as 10000 would break the JSON of a line.
    const masked = maskValue(details, mask) as Details;
    write(logLine(kind, name, masked, mask(message)));
  });
}

/** The stderr of a program, for its log and everything else that it writes there. */
export function stderrOf(name: string): WriteStderr {
  return createStderr((lines) => logLine('warn', name, { lines }, 'nobody read stderr: lines of it are missing here'));
}

function logLine(kind: Level, name: string, details: Details, msg: string): string {
  return `${visible(JSON.stringify({ level: levelNumbers[kind], time: Date.now(), name, ...details, msg }))}\n`;
}

/** A log that writes each warning once: each call parses the config, and would repeat the warnings about it. */
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
