import { writeSync } from 'node:fs';
import { maskValue } from '../config/mask-value.ts';
import { visible } from '../config/visible.ts';
import type { Log } from '../interface/log.ts';

type Details = Readonly<Record<string, unknown>>;
type Level = keyof Log;

/** The numbers under which readers of JSON logs know the levels, as Bunyan and pino write them. */
const levelNumbers: Readonly<Record<Level, number>> = { debug: 20, info: 30, warn: 40, error: 50 };
const stderr = 2;
/** How long a full pipe is left to its reader before the next try. */
const retryMilliseconds = 10;

/**
 * A log on stderr as JSON lines, `{"level":40,"time":1700000000000,"name":"c8-source-postgres",…details,"msg":"…"}` with the time in milliseconds, and with the
 * secrets of the run masked. `level` is a name of {@link Log}'s methods, or `silent`. A line is with the system when a method returns; one that cannot be
 * written is dropped.
 */
export function createLog(options: { readonly name: string; readonly level: string; mask(text: string): string }): Log {
  const { name, level, mask } = options;
  const lowest = levelNumbers[level as Level] ?? Number.POSITIVE_INFINITY;
  return warningOnce((kind, message, details) => {
    if (levelNumbers[kind] < lowest) return;
    // Values are masked, not lines: a secret such as 10000 would break the JSON of a line.
    const masked = maskValue(details, mask) as Details;
    const line = JSON.stringify({ level: levelNumbers[kind], time: Date.now(), name, ...masked, msg: mask(message) });
    try {
      writeWhole(Buffer.from(`${visible(line)}\n`));
    } catch {
      // A stderr that is full or closed is no reason to stop the work.
    }
  });
}

/** Written to the end before anything else happens: what is logged last often explains why the program ends. */
function writeWhole(bytes: Uint8Array): void {
  let written = 0;
  while (written < bytes.length) {
    try {
      written += writeSync(stderr, bytes, written);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      // Nothing else of Node waits within a call.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, retryMilliseconds);
    }
  }
}

/** A log that writes each warning once: a config is parsed by each call, and would be warned of by each. */
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
