import type { Log } from 'c8connector';

/** One line of a log. */
export interface LogEntry {
  readonly level: keyof Log;
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** A log that only keeps what it is told. */
export function recordingLog(): Log & { readonly entries: readonly LogEntry[] } {
  const entries: LogEntry[] = [];
  const keep =
    (level: keyof Log) =>
    (message: string, details: Readonly<Record<string, unknown>> = {}): void => {
      entries.push({ level, message, details });
    };
  return { entries, debug: keep('debug'), info: keep('info'), warn: keep('warn'), error: keep('error') };
}
